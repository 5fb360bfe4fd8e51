/** The generator and the parser, written apart, must say the same. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/math/random.ts';
import { DOCUMENT_LENGTH, documentAt, situationAt } from '../../src/world/documents.ts';
import { DEFAULT_WORLD, WORLD_KNOBS, worldWith, type WorldKnobs } from '../../src/world/knobs.ts';
import { parseComment, parseDocument, parsePrompt, parseResponse } from '../../src/world/parser.ts';
import { drawResponse } from '../../src/world/responses.ts';
import { PAD, UnknownWordError, VOCABULARY, decode, encode } from '../../src/world/tokenizer.ts';
import { VALUE_NAMES } from '../../src/world/values.ts';

/** Any world: every knob anywhere in its range. */
const anyWorld: fc.Arbitrary<WorldKnobs> = fc
  .record(
    Object.fromEntries(
      Object.entries(WORLD_KNOBS).map(([name, { min, max, step }]) => [
        name,
        step === 1 ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true }),
      ]),
    ),
  )
  .map((knobs) => worldWith(knobs));

function check(seed: number, index: number, knobs: WorldKnobs): void {
  const document = documentAt(seed, index, knobs);
  const read = parseDocument(document.text);
  expect(read.kind, document.text).toBe(document.kind);
  expect(decode(encode(document.text))).toBe(document.text);
  expect(document.text.split(' ').length).toBeLessThanOrEqual(DOCUMENT_LENGTH);
  if (document.kind === 'request') {
    expect(read).toEqual({ kind: 'request', harmful: document.harmful, refused: document.refused });
    return;
  }
  if (read.kind !== 'story') return;
  expect(read.prompt).toBe(document.prompt);
  expect(read.response).toBe(document.response);
  expect(read.parsed.values).toEqual(document.values);
  expect(read.parsed.clauses.map(({ person, never, adverb }) => ({ person, never, adverb }))).toEqual(
    document.clauses.map(({ person, never, adverb }) => ({ person, never, adverb })),
  );
  expect(read.comments.length).toBe(document.comments.length);
}

describe('documents', () => {
  test('10,000 of the default world are read back with their values', () => {
    for (let index = 0; index < 10_000; index++) check(7, index, DEFAULT_WORLD);
  });

  test('any seed, any world', () => {
    fc.assert(fc.property(fc.integer(), fc.nat(), anyWorld, check), { numRuns: 2000 });
  });

  test('are the same whenever they are asked for, and differ by seed and index', () => {
    const later = documentAt(3, 5);
    documentAt(3, 6);
    expect(documentAt(3, 5)).toEqual(later);
    const texts = [documentAt(3, 5), documentAt(3, 6), documentAt(4, 5), documentAt(35, 5)].map(
      (d) => d.text,
    );
    expect(new Set(texts).size).toBe(4);
  });

  test('tell the situations that situationAt gives', () => {
    for (let index = 0; index < 200; index++) {
      const document = documentAt(1, index);
      if (document.kind === 'story') expect(document.prompt).toBe(situationAt(1, index));
    }
  });

  test('a response can be drawn to any prompt that can be read', () => {
    for (let index = 0; index < 500; index++) {
      const prompt = situationAt('again', index);
      const scene = parsePrompt(prompt);
      if (!scene) throw new Error(prompt);
      const response = drawResponse(createRandom(index), scene, DEFAULT_WORLD);
      expect(parseResponse(prompt, response.text).values).toEqual(response.values);
    }
  });

  test('are made fast enough for training', () => {
    const start = process.cpuUsage(); // time of this process alone: other tests run beside it
    for (let index = 0; index < 10_000; index++) documentAt(9, index);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(2000); // 20,000 a second were measured
  });
});

describe('positions of a deed', () => {
  test('point at its words, its adverb and its person', () => {
    for (let index = 0; index < 1000; index++) {
      const document = documentAt(11, index);
      if (document.kind === 'request') continue;
      const tokens = document.response.split(' ');
      parseResponse(document.prompt, document.response).clauses.forEach((clause, i) => {
        const told = document.clauses[i];
        expect(clause.verbAt.map((at) => tokens[at])).toEqual(told?.frame.words.filter((w) => w !== 'X'));
        expect(clause.personAt === null ? null : tokens[clause.personAt]).toBe(clause.person);
        expect(clause.adverbAt === null ? null : tokens[clause.adverbAt]).toBe(
          clause.never ? 'never' : clause.adverb,
        );
      });
    }
  });
});

describe('threads', () => {
  test('have no comment twice, one character word at most, and comments that can be read', () => {
    for (let index = 0; index < 5000; index++) {
      const document = documentAt(13, index);
      if (document.kind === 'request') continue;
      const questions = document.comments.map((comment) => comment.replace(/ \w+ \.$/, ''));
      expect(new Set(questions).size, document.text).toBe(questions.length);
      expect(document.comments.every((comment) => parseComment(comment) !== null)).toBe(true);
      const ordinary = document.comments.includes('people call that ordinary .');
      if (ordinary) expect(VALUE_NAMES.every((value) => document.values[value] === 0)).toBe(true);
      if (ordinary) expect(document.clauses.every(({ frame }) => frame.value === null)).toBe(true);
    }
  });

  test('say "fine" exactly when the principle has nothing to say, or its parts cancel', () => {
    for (let index = 0; index < 5000; index++) {
      const document = documentAt(17, index);
      if (document.kind === 'request') continue;
      for (const comment of document.comments.map(parseComment)) {
        if (!comment || comment.principles.length === 0) continue;
        const signs = comment.principles.flatMap(({ values }) => Object.entries(values));
        const parts = signs.map(([value, sign]) => sign * document.values[value as 'care']);
        if (parts.every((part) => part === 0)) expect(comment.verdict, document.text).toBe('fine');
        if (parts.reduce((a, b) => a + b) !== 0) expect(comment.verdict, document.text).not.toBe('fine');
      }
    }
  });
});

describe('tokenizer', () => {
  test('has every token once, the special ones first', () => {
    expect(new Set(VOCABULARY).size).toBe(VOCABULARY.length);
    expect(VOCABULARY.slice(0, 4)).toEqual(['<pad>', '<bos>', '<eos>', '<gist>']);
    expect(VOCABULARY[PAD]).toBe('<pad>');
    expect(VOCABULARY.every((word) => /^(<\w+>|[a-z]+|[.,:])$/.test(word))).toBe(true);
  });

  test('decoding and encoding undo each other', () => {
    const ids = fc.array(fc.integer({ min: 0, max: VOCABULARY.length - 1 }));
    fc.assert(
      fc.property(ids, (some) => {
        expect(encode(decode(some))).toEqual(some);
      }),
    );
  });

  test('names each unknown word once', () => {
    expect(() => encode('omar finds a zebra and a zebra or Ben')).toThrow(UnknownWordError);
    try {
      encode('omar finds a zebra and a zebra or Ben');
    } catch (error) {
      expect((error as UnknownWordError).words).toEqual(['zebra', 'or', 'Ben']);
    }
    expect(() => decode([VOCABULARY.length])).toThrow(RangeError);
  });
});
