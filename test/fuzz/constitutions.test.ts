/** A constitution is what a visitor typed: anything at all is read, or refused with a reason. */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { InputError } from '../../src/cli/output.ts';
import { constitutionOf } from '../../src/cli/text.ts';
import { LONGEST_QUESTION } from '../../src/values/constitution.ts';
import { PRINCIPLES } from '../../src/world/principles.ts';
import { encode, VOCABULARY } from '../../src/world/tokenizer.ts';
import { anyNumber, fuzz } from './fuzz.ts';

/** Text in any script, and text made of what the reader knows, joins and cuts. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(fc.constantFrom('wallet', 'the', 'park', 'no'), { maxLength: 60, size: 'max' })
    .map((words) => words.join(' ')),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...VOCABULARY),
        fc.constantFrom(...PRINCIPLES.map(({ phrase }) => phrase)),
        fc.constantFrom(
          'and',
          ',',
          '.',
          '\n',
          '',
          'no',
          'never',
          'AND',
          '&',
          ';',
          '(',
          '__proto__',
          'constructor',
        ),
        fc.string({ unit: 'grapheme', maxLength: 6 }),
      ),
      { maxLength: 40 },
    )
    .chain((words) => fc.constantFrom(' ', '  ', ', ', '\n', '').map((joint) => words.join(joint))),
);

test('on the command line, with any weights: a constitution, or bad input that says why in one line', () => {
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const some = fc.subarray(
    PRINCIPLES.map(({ phrase }) => phrase),
    { minLength: 1, maxLength: 4 },
  );
  const weights = fc.oneof(
    fc.array(anyNumber, { maxLength: 5 }).map(String),
    fc.array(fc.constantFrom('1', '-0.5', ' 2 ', '', 'x', '1e400', '0x1'), { maxLength: 4 }).map(String),
    fc.string(),
  );
  let [read, refused] = [0, 0];
  fuzz(
    fc.tuple(fc.oneof(some.map(String), anyText), fc.option(weights, { nil: undefined })),
    ([text, list]) => {
      try {
        const constitution = constitutionOf(text, list);
        const { phrases, weights, questions, mixture, unknown } = constitution;
        for (const number of [...weights, ...mixture]) expect(number).toSatisfy(Number.isFinite);
        expect(weights).toHaveLength(phrases.length);
        expect(mixture).toHaveLength(questions.length);
        expect(questions.length === 1 || questions.length === phrases.length).toBe(true);
        for (const question of questions)
          expect(encode(question).length).toBeLessThanOrEqual(LONGEST_QUESTION);
        expect(new Set(phrases.map((phrase) => phrase.text)).size).toBe(phrases.length);
        expect(new Set(unknown).size).toBe(unknown.length);
        read += 1;
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        expect(error.message).not.toBe('');
        refused += 1;
      }
    },
  );
  for (const [line] of told.mock.calls) expect(line).toMatch(/^(warning|note): [^\p{Cc}]+\n$/u);
  told.mockRestore();
  expect(Math.min(read, refused)).toBeGreaterThan(500);
});
