/** Colours as CSS says them, and the shapes that say the same without colour. The table is palette.css. */
import type { ValueName } from '../world/values.ts';

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

const STEPS = 24;

/** Colours that a canvas can draw with, mixed by the browser from the table in force. */
export interface Paint {
  tone: (trueValue: number) => string;
  value: (name: ValueName) => string;
  paper: string;
  wash: string;
  ink: string;
  ink2: string;
  ink3: string;
  control: string;
  rule: string;
}

let held: { version: number; paint: Paint } | null = null;

/** The colours in force, read once a `version` of the theme: to ask for a style makes the browser work it out. */
export function paintAt(element: Element, version: number): Paint {
  if (held?.version !== version) held = { version, paint: readPaint(element) };
  return held.paint;
}

function readPaint(element: Element): Paint {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const read = (css: string) => {
    probe.style.color = css;
    return getComputedStyle(probe).color;
  };
  const named = (name: string) => read(`var(--${name})`);
  const tones = Array.from({ length: 2 * STEPS + 1 }, (_, i) =>
    read(tone(((i - STEPS) / STEPS) * SATURATION)),
  );
  const values = Object.fromEntries(VALUES.map((name) => [name, named(name)])) as Record<ValueName, string>;
  const paint: Paint = {
    tone: (v) => tones[Math.round((Math.max(-1, Math.min(1, v / SATURATION)) + 1) * STEPS)],
    value: (name) => values[name],
    paper: named('paper'),
    wash: named('wash'),
    ink: named('ink'),
    ink2: named('ink-2'),
    ink3: named('ink-3'),
    control: named('control'),
    rule: named('rule'),
  };
  probe.remove();
  return paint;
}
