/** What a link says: a versioned hash that holds only what differs from the default. Pure. */
import * as v from 'valibot';
import { OPENING } from '../worker/opening.ts';
import type { Ask, Keep, TrueWeights, Values } from '../worker/protocol.ts';
import { normalise } from '../world/constitution/normalise.ts';
import type { Principles } from './principles.ts';
import { DEFAULT_PRINCIPLES, LONGEST_PHRASE, MOST_PRINCIPLES, PLAIN_WORDS } from './principles.ts';
import { WEIGHED, weightsKey } from './trueWeights.ts';

export interface LinkState {
  principles: Principles;
  /** Of the samples and of the run. */
  seed: number;
  keep: Keep;
  ask: Ask;
  /** Index of the response in the reading slot, if one was chosen. */
  dot: number | null;
  /** Name or id of the site's model that is opened; null for the one that the page comes with. */
  model: string | null;
  /** What counts as good. */
  trueWeights: TrueWeights;
}

/** damaged: parts could not be read and are at their default; later: written by a newer version. */
export type LinkTrouble = 'damaged' | 'later' | null;

export const LINK_VERSION = 1;
export const DEFAULT_LINK: LinkState = {
  principles: DEFAULT_PRINCIPLES,
  seed: OPENING.seed,
  keep: 'plane',
  ask: 'constitution',
  dot: null,
  model: null,
  trueWeights: OPENING.trueWeights,
};

const whole = (max: number) =>
  v.pipe(v.string(), v.regex(/^\d{1,10}$/), v.transform(Number), v.integer(), v.maxValue(max));

const Weight = v.pipe(v.string(), v.regex(/^(0|1|0?\.\d{1,2}|1\.0{1,2})$/), v.transform(Number));
export const Phrase = v.pipe(v.string(), v.maxLength(LONGEST_PHRASE), v.regex(PLAIN_WORDS));
const PrincipleList = v.pipe(
  v.array(v.object({ phrase: Phrase, weight: Weight })),
  v.maxLength(MOST_PRINCIPLES),
  v.check((list) => new Set(list.map((one) => one.phrase)).size === list.length),
);

const FIELDS = {
  c: v.pipe(v.string(), v.transform(splitPrinciples), PrincipleList),
  seed: whole(2 ** 31 - 1),
  keep: v.picklist(['plane', 'random', 'rest']),
  ask: v.picklist(['constitution', 'nothing']),
  dot: whole(100_000),
  model: v.pipe(v.string(), v.maxLength(60), v.regex(/^[\w-]+(@\d+)?$/)),
  good: v.pipe(
    v.string(),
    v.regex(/^-?\d{1,2}(\.\d{1,2})?(,-?\d{1,2}(\.\d{1,2})?)*$/),
    v.transform((text) => text.split(',').map(Number)),
    v.length(WEIGHED.length),
    v.check((weights) => weights.some((weight) => weight !== 0)),
    v.transform((weights) => Object.fromEntries(WEIGHED.map((name, i) => [name, weights[i]])) as Values),
  ),
};

/** 'honesty,mercy*0.6' → its parts, still unchecked. */
function splitPrinciples(text: string): { phrase: string; weight: string }[] {
  if (text === '') return [];
  return text.split(',').map((part) => {
    const star = part.lastIndexOf('*');
    const phrase = star < 0 ? part : part.slice(0, star);
    return {
      phrase: normalise(decode(phrase)),
      weight: star < 0 ? '1' : part.slice(star + 1),
    };
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return '*'; // not a phrase: the check after this one turns it down
  }
}

const encode = (phrase: string) => encodeURIComponent(phrase).replace(/\*/g, '%2A').replace(/%20/g, '+');

/** The hash without its '#'; empty when everything is as it is by default. */
export function writeLink(state: LinkState): string {
  const parts: string[] = [];
  const write = (principles: Principles) =>
    principles.map(({ phrase, weight }) => encode(phrase) + (weight === 1 ? '' : `*${weight}`)).join(',');
  if (write(state.principles) !== write(DEFAULT_LINK.principles)) parts.push(`c=${write(state.principles)}`);
  if (state.seed !== DEFAULT_LINK.seed) parts.push(`seed=${state.seed}`);
  if (state.keep !== DEFAULT_LINK.keep) parts.push(`keep=${state.keep}`);
  if (state.ask !== DEFAULT_LINK.ask) parts.push(`ask=${state.ask}`);
  if (state.dot !== null) parts.push(`dot=${state.dot}`);
  if (state.model !== null) parts.push(`model=${state.model}`);
  const good = weightsKey(state.trueWeights);
  if (good !== weightsKey(DEFAULT_LINK.trueWeights)) parts.push(`good=${good}`);
  return parts.length === 0 ? '' : [`v=${LINK_VERSION}`, ...parts].join('&');
}

/** Opens what can be read of a hash, and says whether anything could not. Never throws. */
export function readLink(hash: string): { state: LinkState; trouble: LinkTrouble } {
  const text = hash.replace(/^#/, '');
  if (text === '') return { state: DEFAULT_LINK, trouble: null };
  const found = new Map<string, string>();
  let damaged = false;
  for (const part of text.split('&')) {
    const at = part.indexOf('=');
    if (at < 1 || found.has(part.slice(0, at))) damaged = true;
    else found.set(part.slice(0, at), part.slice(at + 1));
  }
  const version = v.safeParse(whole(1_000_000), found.get('v') ?? '');
  const later = version.success && version.output > LINK_VERSION;
  if (!version.success || version.output < 1) damaged = true;
  found.delete('v');
  const state = { ...DEFAULT_LINK };
  const take = <K extends keyof typeof FIELDS>(
    name: K,
    set: (value: v.InferOutput<(typeof FIELDS)[K]>) => void,
  ) => {
    const raw = found.get(name);
    found.delete(name);
    if (raw === undefined) return;
    const read = v.safeParse(FIELDS[name], raw);
    if (read.success) set(read.output);
    else damaged = true;
  };
  take('c', (principles) => (state.principles = principles));
  take('seed', (seed) => (state.seed = seed));
  take('keep', (keep) => (state.keep = keep));
  take('ask', (ask) => (state.ask = ask));
  take('dot', (dot) => (state.dot = dot));
  take('model', (model) => (state.model = model));
  take('good', (trueWeights) => (state.trueWeights = trueWeights));
  if (found.size > 0) damaged = true;
  return { state, trouble: later ? 'later' : damaged ? 'damaged' : null };
}
