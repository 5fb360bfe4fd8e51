/** The engine of invented numbers in a worker of its own, in the place of the real one. */
import { answerAt } from './engine.ts';

answerAt(self);
