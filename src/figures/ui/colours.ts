/** The table of colours as a canvas can draw with it. */
import { createSubscriber, MediaQuery } from 'svelte/reactivity';
import type { ValueName } from '../../world/values.ts';
import { SATURATION, tone, VALUES } from './palette.ts';

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

const QUERIES = ['prefers-color-scheme: dark', 'forced-colors: active', 'prefers-contrast: more'].map(
  (query) => new MediaQuery(query),
);
const followTheme = createSubscriber((update) => {
  const observer = new MutationObserver(update);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
});

/** What decides which colours are in force; whoever reads it in an effect runs anew when it changes. */
function scheme(): string {
  followTheme();
  return [document.documentElement.dataset.theme, ...QUERIES.map((query) => query.current)].join();
}

let held: { scheme: string; paint: Paint } | null = null;

/** The colours in force, read once a scheme: to ask for a style makes the browser work it out. */
export function paintAt(element: Element): Paint {
  const now = scheme();
  if (held?.scheme !== now) held = { scheme: now, paint: readPaint(element) };
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
