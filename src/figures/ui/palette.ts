/** Colours as CSS says them, and the shapes that say the same without colour. The table is palette.css. */
import type { ValueName } from '../../world/values.ts';

/** In the order used everywhere; politeness is style and comes last, outlined. */
export const VALUES = [
  'honesty',
  'care',
  'fairness',
  'freedom',
  'loyalty',
  'politeness',
] as const satisfies readonly ValueName[];

/** |V*| at which the true-value scale is saturated. */
export const SATURATION = 2.2;

/** The colour of a true value, as a CSS colour: bad … mid … good, mixed in oklab. */
export function tone(trueValue: number): string {
  const share = Math.min(1, Math.abs(trueValue) / SATURATION) * 100;
  return `color-mix(in oklab, var(--${trueValue >= 0 ? 'good' : 'bad'}) ${share.toFixed(1)}%, var(--mid))`;
}

export const hue = (value: ValueName): string => `var(--${value})`;

/** The second channel of true value; `cross` is a response that is not well-formed. */
export type Shape = 'open' | 'half' | 'full' | 'cross';

export function shapeOf(trueValue: number, wellFormed = true): Shape {
  if (!wellFormed) return 'cross';
  return trueValue < 0 ? 'open' : trueValue > 0 ? 'full' : 'half';
}
