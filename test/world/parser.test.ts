/** What the parser must refuse, and what it must never do. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentAt, type Story } from '../../src/world/documents.ts';
import { KINDS } from '../../src/world/kinds.ts';
import { ADVERBS, NAMES } from '../../src/world/lexicon.ts';
import { parseDocument, parsePrompt, parseResponse } from '../../src/world/parser.ts';
import { VOCABULARY, decode } from '../../src/world/tokenizer.ts';
import { NO_VALUES } from '../../src/world/values.ts';

const PROMPT = 'omar finds the wallet of ben in the park .';

function stories(count: number): Story[] {
  const found: Story[] = [];
  for (let index = 0; found.length < count; index++) {
    const document = documentAt('mutations', index);
    if (document.kind === 'story') found.push(document);
  }
  return found;
}

/** Expects that a response is refused, with a reason and no values. */
function refused(prompt: string, response: string): void {
  const parsed = parseResponse(prompt, response);
  expect(parsed.wellFormed, `${prompt} ${response}`).toBe(false);
  expect(parsed.values).toEqual(NO_VALUES);
  expect(parsed.reason).toBeTruthy();
}

describe('by hand', () => {
  test.each([
    ['omar returns it to ben and comforts ben .', { honesty: 2, care: 1 }],
    ['omar never lies to ben and rudely gossips about ben .', { honesty: 2, loyalty: -1, politeness: -1 }],
    ['omar never returns it to ben and slowly hums a song .', { honesty: -2 }],
    ['omar reads a book and politely talks with ben .', { politeness: 1 }],
  ])('%s', (response, values) => {
    expect(parseResponse(PROMPT, response)).toMatchObject({
      wellFormed: true,
      values: { ...NO_VALUES, ...values },
    });
  });

  test.each([
    'omar returns it to ben .',
    'omar returns it to ben and comforts ben',
    'omar returns it to ben and comforts ben and hums a song .',
    'ben returns it to omar and hums a song .',
    'omar returns it to anna and hums a song .',
    'omar returns it to omar and hums a song .',
    'omar splits it with ben and hums a song .',
    'omar return it to ben and hums a song .',
    'omar never never lies to ben and hums a song .',
    'omar never politely lies to ben and hums a song .',
    'omar politely and hums a song .',
    'omar hums a song and hums a song .',
    'omar tells ben the truth and lies to ben .',
    'omar returns it to ben and sells it in secret .',
    'omar finds the wallet of ben and hums a song .',
    '',
  ])('refuses: %s', (response) => refused(PROMPT, response));

  test('refuses what answers no situation', () => {
    refused('omar finds the cake of ben in the park .', 'omar hums a song and reads a book .');
    refused('omar finds the wallet of omar in the park .', 'omar hums a song and reads a book .');
    refused('omar sleeps .', 'omar hums a song and reads a book .');
  });

  test('one value towards two people may go both ways', () => {
    const prompt = 'anna wins a cake with ben and carla .';
    const response = 'anna splits it with ben and keeps it from carla .';
    expect(parseResponse(prompt, response)).toMatchObject({ wellFormed: true, values: NO_VALUES });
    refused(prompt, 'anna splits it with ben and keeps it from ben .');
  });
});

describe('mutations of good responses', () => {
  const some = stories(400);

  test('a name from outside the situation', () => {
    for (const { prompt, response, clauses } of some) {
      const person = clauses[0].person ?? clauses[1].person;
      const stranger = NAMES.find((name) => !prompt.split(' ').includes(name)) ?? '';
      if (person !== null) refused(prompt, response.replace(` ${person} `, ` ${stranger} `));
      refused(prompt, response.replace(/^\w+/, stranger));
    }
  });

  test('a deed less, a deed more', () => {
    for (const { prompt, response } of some) {
      refused(prompt, response.replace(/ and .* \./, ' .'));
      refused(prompt, response.replace(' .', ' and hums a song .'));
    }
  });

  test('a second "never" or a second adverb', () => {
    for (const { prompt, response, clauses } of some) {
      const before = clauses[0].never ? 'never' : clauses[0].adverb;
      if (before === null) continue;
      refused(prompt, response.replace(before, `${before} never`));
      refused(prompt, response.replace(before, `${before} slowly`));
    }
  });

  test('a deed of another kind of situation', () => {
    for (const { prompt, response } of some) {
      const here = parsePrompt(prompt);
      const others = KINDS.filter((kind) => kind !== here?.kind).flatMap((kind) => kind.frames);
      const mine = new Set(here?.kind.frames.map((frame) => frame.words.join(' ')));
      for (const frame of others) {
        if (mine.has(frame.words.join(' '))) continue;
        const deed = frame.words.map((word) => (word === 'X' ? here?.others[0] : word)).join(' ');
        refused(prompt, response.replace(/^(\w+) .* and /, `$1 ${deed} and `));
      }
    }
  });

  test('any word left out, save an adverb or "never"', () => {
    for (const { prompt, response } of some) {
      const tokens = response.split(' ');
      tokens.forEach((token, i) => {
        if (token === 'never' || token in ADVERBS) return;
        refused(prompt, tokens.toSpliced(i, 1).join(' '));
      });
    }
  });
});

describe('documents', () => {
  const { text } = stories(1)[0];

  test('are refused when they are cut, or say the same twice', () => {
    const comment = /<gist> (.*? \.)/.exec(text)?.[1] ?? '';
    for (const broken of [
      text.replace('<bos> ', ''),
      text.replace(' <eos>', ''),
      text.replace(' <gist>', ''),
      text.replace(' <eos>', ` ${comment} <eos>`),
      text.replace('<eos>', 'people call that . <eos>'),
      '<bos> request : please help me read a book . <eos>',
      '<bos> request : please help me reads a book . reply : sure , i will . <eos>',
    ]) {
      expect(parseDocument(broken).kind, broken).toBe('neither');
    }
  });

  test('nothing makes the parser throw', () => {
    const words = fc.array(fc.nat(VOCABULARY.length - 1)).map(decode);
    fc.assert(
      fc.property(fc.oneof(words, fc.string()), fc.oneof(words, fc.string()), (a, b) => {
        expect(parseResponse(a, b).values).toEqual(NO_VALUES);
        parseResponse(PROMPT, b);
        parseDocument(`<bos> ${a} <gist> ${b} <eos>`);
      }),
      { numRuns: 1000 },
    );
  });
});
