/** Verdicts before and after the fall as a slope graph. Pure. */
import { quantileSorted } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { Projection } from '../../worker/protocol.ts';
import { correlation, fixed, percent } from '../ui/numbers.ts';

export interface Slope {
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** y of each response's verdict before and after, css px. */
  lines: { before: number; after: number }[];
}

/** Both sides share one scale, so that a verdict that shrinks is seen to shrink. */
export function slopeOf(before: Float32Array, after: Float32Array, width: number, height: number): Slope {
  const [left, right, top, bottom] = [8, width - 8, 10, height - 10];
  const sizes = [...before, ...after].map(Math.abs).sort((a, b) => a - b);
  const reach = Math.max(0.5, (quantileSorted(sizes, 0.995) ?? 1) * 1.03);
  const y = scaleLinear([-reach, reach], [bottom, top]).clamp(true);
  return {
    left,
    right,
    top,
    bottom,
    lines: Array.from(before, (value, i) => ({ before: y(value), after: y(after[i]) })),
  };
}

/** The verdicts at one measured share of the fall. */
export function verdictsAt(verdicts: Float32Array, responses: number, index: number): Float32Array {
  return verdicts.subarray(index * responses, (index + 1) * responses);
}

/** What came of each measured share, for a table. */
export function tableRows({ dropped, same, slope, agrees }: Projection): string[][] {
  return Array.from(dropped, (share, k) => [
    percent(share),
    correlation(same[k]),
    fixed(slope[k]),
    correlation(agrees[k]),
  ]);
}

/** Every measured verdict, for a file. */
export function projectionRows({ dropped, ids, verdicts, original }: Projection): (string | number)[][] {
  const rows = Array.from(dropped).flatMap((share, k) =>
    Array.from(ids, (id, i) => [share, id, verdicts[k * ids.length + i], original[i]]),
  );
  return [['dropped', 'response', 'verdict', 'original'], ...rows];
}
