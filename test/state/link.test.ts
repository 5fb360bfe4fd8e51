import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LINK, readLink, writeLink, type LinkState } from '../../src/state/link.ts';
import { LONGEST_PHRASE, MOST_PRINCIPLES, PLAIN_WORDS } from '../../src/state/principles.ts';
import { normalise } from '../../src/world/constitution/normalise.ts';
import { VALUE_NAMES, type Values } from '../../src/world/values.ts';

/** Whatever a visitor may type, as the page keeps it. */
const phrase = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: LONGEST_PHRASE })
  .map((text) => normalise(text))
  .map((text) => (PLAIN_WORDS.test(text) && text.length <= LONGEST_PHRASE ? text : "don't lie"));
const principles = fc.uniqueArray(
  fc.record({ phrase, weight: fc.integer({ min: 0, max: 100 }).map((n) => n / 100) }),
  { selector: (one) => one.phrase, maxLength: MOST_PRINCIPLES },
);
const link: fc.Arbitrary<LinkState> = fc.record({
  principles,
  seed: fc.nat(2 ** 31 - 1),
  keep: fc.constantFrom('plane', 'random', 'rest'),
  ask: fc.constantFrom('constitution', 'nothing'),
  dot: fc.option(fc.nat(100_000)),
  model: fc.option(fc.constantFrom('base@195', 'mixed-64-0', '0123456789abcdef')),
  trueWeights: fc
    .tuple(...VALUE_NAMES.map(() => fc.integer({ min: -1000, max: 1000 })))
    .filter((weights) => weights.some((weight) => weight !== 0))
    .map((weights) => Object.fromEntries(VALUE_NAMES.map((name, i) => [name, weights[i] / 100])) as Values),
});

describe('a link', () => {
  test('says nothing while everything is as it is by default', () => {
    expect(writeLink(DEFAULT_LINK)).toBe('');
    expect(readLink('')).toEqual({ state: DEFAULT_LINK, trouble: null });
  });

  test('brings back what was written into it', () => {
    fc.assert(
      fc.property(link, (state) => {
        expect(readLink(`#${writeLink(state)}`)).toEqual({ state, trouble: null });
      }),
    );
  });

  test('survives the address bar', () => {
    fc.assert(
      fc.property(link, (state) => {
        const { hash } = new URL(`https://example.org/#${writeLink(state)}`);
        expect(readLink(hash)).toEqual({ state, trouble: null });
      }),
    );
  });

  test('holds only what differs', () => {
    expect(writeLink({ ...DEFAULT_LINK, seed: 8 })).toBe('v=1&seed=8');
    expect(
      writeLink({ ...DEFAULT_LINK, principles: [{ phrase: 'no lies', weight: 0.6 }], ask: 'nothing' }),
    ).toBe('v=1&c=no+lies*0.6&ask=nothing');
    expect(writeLink({ ...DEFAULT_LINK, principles: [] })).toBe('v=1&c=');
  });

  test('reads principles in any case, as the field does', () => {
    expect(readLink('#v=1&c=No+Lies')).toEqual(readLink('#v=1&c=no+lies'));
  });

  test('opens what it can of a damaged one, and says so', () => {
    const { state, trouble } = readLink('#v=1&c=mercy&seed=banana&keep=rest');
    expect(trouble).toBe('damaged');
    expect(state).toEqual({ ...DEFAULT_LINK, principles: [{ phrase: 'mercy', weight: 1 }], keep: 'rest' });
    for (const hash of [
      '#nonsense',
      '#v=0',
      '#seed=3',
      '#v=1&c=a,a',
      '#v=1&c=%E0%A4%A',
      '#v=1&c=a*2',
      '#v=1&x=1',
      '#v=1&v=1',
    ])
      expect(readLink(hash).trouble, hash).toBe('damaged');
  });

  test('opens what it can of a later version, and says so', () => {
    const { state, trouble } = readLink('#v=2&seed=9&tint=blue');
    expect(trouble).toBe('later');
    expect(state.seed).toBe(9);
  });

  test('never takes markup for a principle', () => {
    for (const text of ['<img src=x onerror=alert(1)>', '<gist>', '&lt;b&gt;', 'a"b']) {
      const { state, trouble } = readLink(`#v=1&c=${encodeURIComponent(text)}`);
      expect(trouble, text).toBe('damaged');
      expect(state.principles).toEqual(DEFAULT_LINK.principles);
    }
  });

  test('never throws, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (hash) => {
        const { state } = readLink(`#${hash}`);
        expect(state.principles.length).toBeLessThanOrEqual(MOST_PRINCIPLES);
      }),
    );
  });
});
