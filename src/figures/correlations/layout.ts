/** Bars from a zero line with whiskers. Pure. */
import { scaleLinear } from 'd3-scale';
import type { Estimate } from '../../worker/protocol.ts';

export interface Bar {
  x: number;
  width: number;
  /** Ends of the 95% interval. */
  low: number;
  high: number;
  zero: number;
}

/** The scale of all bars: room for negative ones only when there are any that matter. */
export function barScale(estimates: readonly Estimate[], width: number): (r: number) => number {
  const least = Math.min(...estimates.map((one) => one.low), 0);
  const scale = scaleLinear([least < -0.2 ? -1 : -0.2, 1], [0, width]).clamp(true);
  return (r) => scale(r);
}

export function barOf({ value, low, high }: Estimate, scale: (r: number) => number): Bar {
  const zero = scale(0);
  const end = scale(value);
  return { x: Math.min(zero, end), width: Math.abs(end - zero), low: scale(low), high: scale(high), zero };
}
