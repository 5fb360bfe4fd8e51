/** When the engine has nothing to do that somebody waits for. */
export class Idle {
  #busy = 0;
  #last = -Infinity;

  /** Does work that somebody waits for. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** Within such work: waits for the visitor, who waits for nothing. */
  async away<T>(wait: () => Promise<T>): Promise<T> {
    this.#leave();
    try {
      return await wait();
    } finally {
      this.#busy += 1;
    }
  }

  /** Resolves when nobody has waited for anything for a while; messages get in before. */
  async quiet(): Promise<void> {
    do await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    while (this.#busy > 0 || performance.now() - this.#last < QUIET_MS);
  }

  #leave(): void {
    this.#busy -= 1;
    this.#last = performance.now();
  }
}

/** What was just asked is often followed by more of the same, ms. */
const QUIET_MS = 300;
const LOOK_MS = 4;
