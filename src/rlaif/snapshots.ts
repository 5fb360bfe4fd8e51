import type { RlaifReport, RlaifState } from './loop.ts';

/**
 * States of a run to rewind to, never more than `capacity`, spread over the whole run: when they are full every
 * second one is dropped and from then on half as many are kept. Going on from a kept state repeats the run bit
 * for bit, so every step can be reached from the kept one before it.
 */
export class Snapshots {
  readonly #capacity: number;
  #stride = 1;
  #states: RlaifState[] = [];

  /** `capacity` of 2 or more; a state is three times as large as the model. Throws RangeError for less. */
  constructor(capacity: number) {
    if (!(capacity >= 2)) throw new RangeError(`${capacity} snapshots cannot span a run`);
    this.#capacity = capacity;
  }

  /** Keeps the state of a report, if its step is one to be kept. Await it while the generator stands there. */
  async keep({ row, state }: Pick<RlaifReport, 'row' | 'state'>): Promise<void> {
    if (row.step % this.#stride !== 0) return;
    this.forget(row.step);
    this.#states.push(await state());
    while (this.#states.length > this.#capacity) {
      this.#stride *= 2;
      this.#states = this.#states.filter(({ step }) => step % this.#stride === 0);
    }
  }

  /** The newest kept state at or before a step: go on from it to come back there. */
  before(step: number): RlaifState | undefined {
    return this.#states.findLast((state) => state.step <= step);
  }

  /** Drops what was kept from a step on: the run will take another way there. */
  forget(from: number): void {
    this.#states = this.#states.filter(({ step }) => step < from);
  }

  /** Steps of the kept states, ascending. */
  get steps(): number[] {
    return this.#states.map(({ step }) => step);
  }
}
