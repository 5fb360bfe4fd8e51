/** Marks the deeds in sentences of which only the words are known, by the deeds of the cloud. Pure. */
import type { CloudResponse } from '../../worker/protocol.ts';

export interface Piece {
  text: string;
  /** The sign of the deed that the words carry; null for plain words. */
  deed: -1 | 0 | 1 | null;
}

/** Every deed that was seen, by its words with any name in them left open: "lets * choose" → +1. */
export interface Deeds {
  strengths: ReadonlyMap<string, number>;
  /** Words of the longest one. */
  longest: number;
  names: ReadonlySet<string>;
}

const NAME = '*';

export function deedsIn(responses: readonly CloudResponse[], names: ReadonlySet<string>): Deeds {
  const said = new Map<string, { words: string[]; strength: number }>(); // most deeds are said by many
  for (const { response, deeds: found } of responses) {
    const words = response.split(' ');
    for (const { from, to, value, strength } of found) {
      if (value === 'politeness') continue;
      const own = words.slice(from, to);
      const text = own.join(' ');
      said.delete(text); // of two that differ in names alone, the last one counts
      said.set(text, { words: own, strength: value === 'neutral' ? 0 : strength });
    }
  }
  const all = [...said.values()];
  const strengths = new Map(all.map(({ words, strength }) => [open(words, names), strength]));
  const longest = Math.max(1, ...all.map(({ words }) => words.length));
  return { strengths, longest, names };
}

const open = (words: readonly string[], names: ReadonlySet<string>) =>
  words.map((word) => (names.has(word) ? NAME : word)).join(' ');

/** Cuts a sentence at its deeds. Longest words first; "never" before a deed that was seen without it turns it. */
export function pieces(text: string, deeds: Deeds): Piece[] {
  const words = text.split(' ');
  const found: Piece[] = [];
  let plain: string[] = [];
  const flush = () => {
    if (plain.length > 0) found.push({ text: plain.join(' '), deed: null });
    plain = [];
  };
  for (let i = 0; i < words.length;) {
    const match = matchAt(words, i, deeds.longest, deeds);
    if (match) {
      flush();
      found.push({
        text: words.slice(i, i + match.length).join(' '),
        deed: Math.sign(match.strength) as -1 | 0 | 1,
      });
      i += match.length;
    } else plain.push(words[i++]);
  }
  flush();
  return found;
}

function matchAt(
  words: string[],
  at: number,
  longest: number,
  deeds: Deeds,
): { length: number; strength: number } | null {
  for (let length = Math.min(longest, words.length - at); length > 0; length--) {
    const strength = deeds.strengths.get(open(words.slice(at, at + length), deeds.names));
    if (strength !== undefined) return { length, strength };
  }
  if (words[at] !== 'never' || at + 1 >= words.length) return null;
  const negated = matchAt(words, at + 1, longest, deeds);
  return negated && { length: negated.length + 1, strength: -negated.strength };
}

/** Both sentences with only those deeds marked that the other one does not have. */
export function changed(before: string, now: string, deeds: Deeds): { before: Piece[]; now: Piece[] } {
  const [a, b] = [pieces(before, deeds), pieces(now, deeds)];
  const unmarked = (own: Piece[], other: Piece[]) =>
    own.map((piece) =>
      piece.deed !== null && (piece.deed === 0 || other.some((one) => one.text === piece.text))
        ? { ...piece, deed: null }
        : piece,
    );
  return { before: unmarked(a, b), now: unmarked(b, a) };
}

/** What the same chance gave in one situation, before training and now. */
export interface Sample {
  prompt: string;
  before: string;
  now: string;
}

export interface Scene {
  prompt: string;
  /** Nothing changed. */
  same: boolean;
  before: Piece[];
  /** Empty where nothing changed, or nothing was trained. */
  now: Piece[];
}

/** As many as are shown. */
const MOST = 3;

/** Before and now, side by side, with what differs marked. */
export function scenesOf(samples: readonly Sample[], deeds: Deeds): Scene[] {
  return samples.slice(0, MOST).map(({ prompt, before, now }) => ({
    prompt,
    same: before === now,
    ...(before === now ? { before: pieces(before, deeds), now: [] } : changed(before, now, deeds)),
  }));
}

/** Before any training: what is said first in each of the first two situations. */
export function firstScenes(responses: readonly CloudResponse[], deeds: Deeds): Scene[] {
  const first = [0, 1].flatMap(
    (situation) => responses.find((one) => one.situation === situation && one.wellFormed) ?? [],
  );
  return first.map(({ prompt, response }) => ({
    prompt,
    same: false,
    before: pieces(response, deeds),
    now: [],
  }));
}
