/** A number that moves to where it is sent. Everything that moves on the page is a function of one of these. */
import { easeCubicInOut } from 'd3-ease';
import type { Timer } from 'd3-timer';
import { timer } from 'd3-timer';

/** ms: a change of state, and an idea. */
export const CHANGE_MS = 300;
export const IDEA_MS = 1100;

/** True when the visitor asked for less motion; then things are where they go at once. */
export function wantsStillness(): boolean {
  return typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches;
}

export class Glide {
  value = $state(0);
  moving = $state(false);
  #timer: Timer | null = null;

  constructor(value = 0) {
    this.value = value;
  }

  set(value: number): void {
    this.stop();
    this.value = value;
  }

  /** From where it is to `target`, cubic in and out. */
  to(target: number, ms = CHANGE_MS): void {
    this.stop();
    if (wantsStillness() || typeof requestAnimationFrame !== 'function') {
      this.value = target;
      return;
    }
    const from = this.value;
    this.moving = true;
    this.#timer = timer((elapsed) => {
      const t = Math.min(1, elapsed / ms);
      this.value = from + (target - from) * easeCubicInOut(t);
      if (t === 1) this.stop();
    });
  }

  stop(): void {
    this.#timer?.stop();
    this.#timer = null;
    this.moving = false;
  }
}

/** One number a dot, moving together from one set to the next. */
export class Morph {
  #from = $state.raw<Float32Array>(new Float32Array());
  #to = $state.raw<Float32Array>(new Float32Array());
  readonly #glide = new Glide(1);

  /** Where the dots are now. */
  readonly now: Float32Array = $derived.by(() => {
    const t = this.#glide.value;
    if (t >= 1) return this.#to;
    const from = this.#from;
    return this.#to.map((to, i) => from[i] + (to - from[i]) * t);
  });

  /** Where they are going. */
  get target(): Float32Array {
    return this.#to;
  }

  get moving(): boolean {
    return this.#glide.moving;
  }

  to(values: Float32Array, ms = CHANGE_MS): void {
    const comparable = values.length === this.#to.length && ms > 0;
    this.#from = comparable ? this.now : values;
    this.#to = values;
    this.#glide.set(comparable ? 0 : 1);
    if (comparable) this.#glide.to(1, ms);
  }
}
