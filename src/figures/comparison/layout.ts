/** A beam balance that tips by the difference of two scores. Pure: a difference and a width in, marks out. */

/** A response on a pan. */
export interface Weighed {
  text: string;
  score: number;
  trueValue: number;
  wellFormed: boolean;
}

/** Two responses to one situation. */
export interface Weighing {
  prompt: string;
  a: Weighed;
  b: Weighed;
}

/** Where a pair comes from: out of the responses that are shown, or out of a step of a run. */
export type Origin =
  { from: 'cloud' } | { from: 'run'; step: number; pairs: number; run: 'own' | 'recorded' | 'other' };

/** Whether the truth is on the judge's side, 1, on the other, −1, or on neither, 0. */
export const truthOf = ({ a, b }: Weighing): number =>
  Math.sign((a.trueValue - b.trueValue) * (a.score >= b.score ? 1 : -1));

export interface Balance {
  width: number;
  height: number;
  pivot: { x: number; y: number };
  /** Half the beam, and the angle by which its left end hangs lower, rad. */
  arm: number;
  angle: number;
  left: { x: number; y: number };
  right: { x: number; y: number };
  /** From a beam's end down to its pan. */
  hang: number;
  /** The arc from the level to the beam, on the side of the heavier pan. */
  arc: string;
  /** Where the difference is written: over the level, on the side of the heavier pan. */
  label: { x: number; y: number; anchor: 'start' | 'end' };
}

export function balanceOf(difference: number, width: number): Balance {
  const height = 229;
  const pivot = { x: width / 2, y: 80 };
  const arm = Math.min(92, width / 2 - 44);
  const angle = Math.atan(0.085 * difference);
  const dx = arm * Math.cos(angle);
  const dy = arm * Math.sin(angle);
  const radius = arm * 0.62;
  const side = difference >= 0 ? -1 : 1;
  const end = {
    x: pivot.x + side * radius * Math.cos(angle),
    y: pivot.y + radius * Math.abs(Math.sin(angle)),
  };
  return {
    width,
    height,
    pivot,
    arm,
    angle,
    left: { x: pivot.x - dx, y: pivot.y + dy },
    right: { x: pivot.x + dx, y: pivot.y - dy },
    hang: 54,
    label: {
      x: pivot.x + side * (arm + 6),
      y: pivot.y - 10,
      anchor: side < 0 ? 'start' : 'end',
    },
    arc: `M${pivot.x + side * radius},${pivot.y}A${radius},${radius} 0 0 ${side < 0 ? 0 : 1} ${end.x.toFixed(1)},${end.y.toFixed(1)}`,
  };
}

/** σ(Δs) as "96", never "100" or "0" for what is not certain. */
export function timesInHundred(difference: number): string {
  return `${Math.min(99, Math.max(1, Math.round(100 / (1 + Math.exp(-difference)))))}`;
}
