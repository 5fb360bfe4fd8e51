/** A number that moves to where it is sent. Everything that moves on the page is a function of one of these. */
import { easeCubicInOut } from 'd3-ease';
import type { Timer } from 'd3-timer';
import { timer } from 'd3-timer';
import { isSame } from './rounding.ts';

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

/** How many steps of the way between two sets can be told apart, where `sizeOf` shows no less than `grain`. */
export function stepsBetween(
  from: Float32Array,
  to: Float32Array,
  grain: number,
  sizeOf: (value: number) => number,
): number {
  let most = 0;
  for (let i = 0; i < to.length; i++) most = Math.max(most, Math.abs(sizeOf(to[i]) - sizeOf(from[i])));
  return Math.floor(most / grain);
}

interface Way {
  from: Float32Array;
  to: Float32Array;
  steps: number;
}

/**
 * One number a dot, moving together from one set to the next, in no more steps than can be seen: each makes
 * the figures draw every dot anew.
 */
export class Morph {
  #way = $state.raw<Way>({ from: new Float32Array(), to: new Float32Array(), steps: 0 });
  readonly #glide = new Glide(1);
  readonly #grain: number;
  readonly #sizeOf: (value: number) => number;

  readonly #share: number = $derived.by(() => {
    const { steps } = this.#way;
    return Math.round(this.#glide.value * steps) / steps;
  });
  /** Where the dots are now. */
  readonly now: Float32Array = $derived.by(() => {
    const { from, to, steps } = this.#way;
    const t = steps === 0 ? 1 : this.#share;
    if (t <= 0) return from; // the same list as before: nothing is drawn anew until the first step
    return t >= 1 ? to : to.map((one, i) => from[i] + (one - from[i]) * t);
  });

  /** `grain` is the least difference in what `sizeOf` says of a number that can be seen. */
  constructor(grain: number, sizeOf: (value: number) => number = (value) => value) {
    this.#grain = grain;
    this.#sizeOf = sizeOf;
  }

  /** Where they are going. */
  get target(): Float32Array {
    return this.#way.to;
  }

  get moving(): boolean {
    return this.#glide.moving;
  }

  to(values: Float32Array, ms = CHANGE_MS): void {
    const comparable = values.length === this.target.length && ms > 0;
    if (comparable && values.every((value, i) => isSame(value, this.target[i]))) return; // they are on their way
    const from = comparable ? this.now : values;
    const steps = stepsBetween(from, values, this.#grain, this.#sizeOf);
    this.#way = { from, to: values, steps };
    this.#glide.set(steps > 0 ? 0 : 1);
    if (steps > 0) this.#glide.to(1, ms);
  }
}
