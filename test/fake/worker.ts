/** The engine of invented numbers in a worker of its own, in the place of the real one. */
import type { EnginePort } from './engine.ts';
import { answerAt } from './engine.ts';

answerAt(self as unknown as EnginePort);
