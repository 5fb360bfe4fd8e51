/** The engine of invented numbers in a worker of its own, in the place of the real one; like that, it can be missed. */
import type { FromWorker } from '../../src/worker/protocol.ts';
import { answerAt } from './engine.ts';

void navigator.locks.request(self.name, () => {
  self.postMessage({ id: 0, alive: true } satisfies FromWorker);
  return new Promise(() => {});
});
answerAt(self);
