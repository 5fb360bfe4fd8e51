import { connect, type Connection } from './client.ts';

/** Starts the engine's worker. */
export const startEngine = (): Connection =>
  connect((name) => new Worker(new URL('./engine.ts', import.meta.url), { type: 'module', name }));
