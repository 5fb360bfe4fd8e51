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
  // all are there before the first is read, so that the browser works them out together
  const ask = (css: string) => {
    const one = document.createElement('span');
    one.style.color = css;
    probe.append(one);
    return () => getComputedStyle(one).color;
  };
  const named = (name: string) => ask(`var(--${name})`);
  const tones = Array.from({ length: 2 * STEPS + 1 }, (_, i) =>
    ask(tone(((i - STEPS) / STEPS) * SATURATION)),
  );
  const values = VALUES.map((name) => [name, named(name)] as const);
  const plain = ['paper', 'wash', 'ink', 'ink-2', 'ink-3', 'control', 'rule'].map(named);
  element.append(probe);
  const toneColours = tones.map((read) => read());
  const valueColours = Object.fromEntries(values.map(([name, read]) => [name, read()])) as Record<
    ValueName,
    string
  >;
  const [paper, wash, ink, ink2, ink3, control, rule] = plain.map((read) => read());
  probe.remove();
  return {
    tone: (v) => toneColours[Math.round((Math.max(-1, Math.min(1, v / SATURATION)) + 1) * STEPS)],
    value: (name) => valueColours[name],
    paper,
    wash,
    ink,
    ink2,
    ink3,
    control,
    rule,
  };
}
