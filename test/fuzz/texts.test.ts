/** Texts: of any letters, of any tokens, and documents of the world with some of their tokens changed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../src/cli/output.ts';
import { encodeText } from '../../src/cli/text.ts';
import { documentAt } from '../../src/world/documents.ts';
import { ADVERBS, NAMES } from '../../src/world/lexicon.ts';
import { parseComment, parseDocument, parsePrompt, parseResponse } from '../../src/world/parser.ts';
import { decode, VOCABULARY } from '../../src/world/tokenizer.ts';
import { NO_VALUES, VALUE_NAMES } from '../../src/world/values.ts';
import { fuzz } from './fuzz.ts';

const words = fc.array(fc.nat(VOCABULARY.length - 1), { maxLength: 60 }).map(decode);
const anyText = fc.oneof(
  words,
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme' }),
);

/** Words that are often in place where another of them stood. */
const likely = fc.constantFrom(
  ...NAMES,
  ...Object.keys(ADVERBS),
  'never',
  'good',
  'bad',
  'fine',
  'honesty',
  'care',
);

/** A document with some tokens left out, put in, changed or moved. */
const damagedDocument = fc
  .tuple(
    fc.nat(1e6).map((index) => documentAt(3, index).text),
    fc.array(
      fc.tuple(
        fc.nat(60),
        fc.constantFrom('drop', 'put', 'change', 'move'),
        fc.oneof(fc.constantFrom(...VOCABULARY), likely),
      ),
      { maxLength: 4 },
    ),
  )
  .map(([text, damages]) => {
    const tokens = text.split(' ');
    for (const [place, how, word] of damages) {
      const at = place % tokens.length;
      if (how === 'drop') tokens.splice(at, 1);
      else if (how === 'put') tokens.splice(at, 0, word);
      else if (how === 'change') tokens[at] = word;
      else tokens.push(...tokens.splice(at, 1));
    }
    return tokens.join(' ');
  });

test('on the command line any text is tokens, or bad input that names what is unknown', () => {
  let [read, refused] = [0, 0];
  fuzz(anyText, (text) => {
    try {
      const ids = encodeText('--text', text);
      expect(decode(ids)).toBe(text.split(/\s+/).filter(Boolean).join(' '));
      read += 1;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      expect(error.message).toMatch(/^--text(: not in the vocabulary: .+| is empty)$/s);
      refused += 1;
    }
  });
  expect(Math.min(read, refused)).toBeGreaterThan(500);
});

test('whatever a parser is given it answers, and a story that it believes adds up', () => {
  let [stories, neither] = [0, 0];
  fuzz(fc.oneof(damagedDocument, anyText), (text) => {
    const read = parseDocument(text);
    neither += Number(read.kind === 'neither');
    if (read.kind === 'neither') expect(read.reason).not.toBe('');
    if (read.kind !== 'story') return;
    stories += 1;
    expect(parsePrompt(read.prompt)).not.toBeNull();
    const { values, clauses, wellFormed } = read.parsed;
    expect([wellFormed, clauses.length]).toEqual([true, 2]);
    const sum = { ...NO_VALUES };
    for (const { value, strength, politeness } of clauses) {
      if (value !== null) sum[value] += strength;
      sum.politeness += politeness;
    }
    expect(values).toEqual(sum);
    for (const name of VALUE_NAMES) expect(Math.abs(values[name])).toBeLessThanOrEqual(4);
    const [response] = text.slice(text.indexOf(read.prompt) + read.prompt.length).split('<gist>');
    expect(parseResponse(read.prompt, response).values).toEqual(values);
  });
  expect(Math.min(stories, neither)).toBeGreaterThan(50);
});

test('prompts, responses and comments of any text', () => {
  fuzz(fc.tuple(anyText, anyText), ([a, b]) => {
    expect(parseResponse(a, b)).toMatchObject({ wellFormed: false, values: NO_VALUES, clauses: [] });
    expect(parseComment(b)).toBeNull();
  });
});
