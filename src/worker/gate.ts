import type { Control } from './protocol.ts';

/** The call was cancelled from the page. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

/** What the page's controls do to one running call: pause, resume, one step, cancel. */
export class Gate {
  #paused: boolean;
  #cancelled = false;
  #steps = 0;
  #wake: () => void = () => {};

  constructor(paused = false) {
    this.#paused = paused;
  }

  control(control: Control): void {
    if (control === 'pause') this.#paused = true;
    if (control === 'resume') this.#paused = false;
    if (control === 'cancel') this.#cancelled = true;
    if (control === 'step') {
      this.#paused = true;
      this.#steps += 1;
    }
    this.#wake();
  }

  /** Lets waiting messages in, then throws CancelledError if one of them cancelled. */
  async breathe(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (this.#cancelled) throw new CancelledError('cancelled');
  }

  /** Waits while paused; a step lets one pass. Throws CancelledError. */
  async pass(): Promise<void> {
    await this.breathe();
    while (this.#paused && this.#steps === 0) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
      if (this.#cancelled) throw new CancelledError('cancelled');
    }
    if (this.#steps > 0) this.#steps -= 1;
  }
}
