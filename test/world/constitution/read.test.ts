/** Plain English as principles: what each way to say one must become, and what no way to say one may. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { askedText, readPrinciple, readPrinciples } from '../../../src/world/constitution/constitution.ts';
import { SENSES } from '../../../src/world/constitution/senses.ts';
import { PRINCIPLES } from '../../../src/world/phrases.ts';
import { MORAL_VALUES, VALUE_NAMES, type Values } from '../../../src/world/values.ts';
import { LISTS, OWN } from './own.ts';
import table from './phrasings.json' with { type: 'json' };

const askedOf = (text: string): (string | null)[] =>
  readPrinciples(text).flatMap(({ asked, trouble }): (string | null)[] => (trouble ? [null] : [...asked]));

/** What phrases ask for together, value by value. */
function valuesOf(asked: readonly string[]): Partial<Values> {
  const sum: Partial<Values> = {};
  for (const phrase of asked) {
    const { values } = PRINCIPLES.find((one) => one.phrase === phrase)!;
    for (const name of VALUE_NAMES) if (values[name]) sum[name] = (sum[name] ?? 0) + values[name];
  }
  return sum;
}

/** Whether phrases ask for a value of the table in its sign, and for nothing else; "evil" is against any moral value. */
function isRight(asked: readonly string[], value: string, sign: number): boolean {
  const values = Object.entries(valuesOf(asked));
  if (value === 'evil')
    return values.every(([name, v]) => (MORAL_VALUES as readonly string[]).includes(name) && v * sign < 0);
  return values.length > 0 && values.every(([name, v]) => name === value && v * sign > 0);
}

test.each(OWN)('%s', (text, asked) => {
  expect(askedOf(text)).toEqual(asked === null ? [null] : [asked]);
});

test.each(LISTS)('%j', (text, asked) => {
  expect(askedOf(text)).toEqual(asked);
});

describe('ways to say a principle, written by somebody who had not seen the reader', () => {
  const rows = table.map((row) => ({ ...row, read: readPrinciples(row.text) }));
  const isAnswered = ({ read }: (typeof rows)[number]) =>
    read.length > 0 && read.every((one) => !one.trouble);
  const meant = rows.filter(({ sign }) => sign !== 0);

  test('are at least 200', () => expect(rows.length).toBeGreaterThanOrEqual(200));

  test('at least 85% are answered', () => {
    const share = meant.filter(isAnswered).length / meant.length;
    console.log(`${(100 * share).toFixed(1)}% of ${meant.length} ways to say a principle are answered.`);
    expect(share).toBeGreaterThanOrEqual(0.85);
  });

  test('none with another sign or value', () => {
    const wrong = meant.filter(isAnswered).filter(
      ({ read, value, sign }) =>
        !isRight(
          read.flatMap(({ asked }) => asked),
          value,
          sign,
        ),
    );
    expect(wrong.map(({ text, read }) => `${text}: ${read.map(askedText).join(', ')}`)).toEqual([]);
  });

  test('what says none is asked back', () => {
    const said = rows
      .filter(({ sign }) => sign === 0)
      .filter(({ read }) => read.some(({ trouble }) => !trouble));
    expect(said.map(({ text, read }) => `${text}: ${read.map(askedText).join(', ')}`)).toEqual([]);
  });
});

describe('a negator before what is answered', () => {
  const negators = [
    ...['not', 'no', 'never', 'do not', 'don’t', 'dont', 'avoid', 'stop', 'without', 'against', 'refuse to'],
    ...[
      'you should never',
      'please do not',
      'must not',
      'never ever',
      'instead of',
      'say no to',
      'no more',
      'reject',
    ],
  ];
  const answered = [
    ...OWN.map(([text]) => text),
    ...table.map(({ text }) => text),
    ...PRINCIPLES.map((p) => p.phrase),
  ]
    .map((text) => ({ text, read: readPrinciples(text) }))
    .filter(({ read }) => read.length === 1 && !read[0].trouble);

  test('never gives the same sign, whatever it is', () => {
    expect(answered.length).toBeGreaterThan(250);
    const same: string[] = [];
    let [turned, back] = [0, 0];
    for (const { text, read } of answered)
      for (const negator of negators) {
        const [first] = readPrinciples(`${negator} ${text}`);
        if (first.trouble) back++;
        else turned++;
        const [plain, now] = [valuesOf(read[0].asked), valuesOf(first.asked)];
        if (VALUE_NAMES.some((name) => (plain[name] ?? 0) * (now[name] ?? 0) > 0))
          same.push(`${negator} ${text}: ${askedText(first)}`);
      }
    expect(same).toEqual([]);
    console.log(`A negator turned ${turned} phrases and had ${back} asked back.`);
    expect(turned).toBeGreaterThan(back); // or the reader would only ask back
  });
});

describe('whatever is typed', () => {
  const word = fc.oneof(
    fc.constantFrom(...OWN.map(([text]) => text), ...SENSES.flatMap(([, , words]) => words.split(', '))),
    fc.constantFrom(...PRINCIPLES.map((p) => p.phrase)),
    fc.constantFrom(
      'and',
      'or',
      ',',
      '/',
      ';',
      '\n',
      'no',
      'never',
      'not',
      'be',
      'the',
      'but',
      '"',
      '1.',
      '•',
      "'",
    ),
    fc.constantFrom('constructor', '__proto__', '<gist>', '🙂', '\u200B', '\u0007', 'zorblax'),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(word, { maxLength: 9 })
      .chain((words) => fc.constantFrom(' ', ', ', '').map((j) => words.join(j))),
  );

  test('is read or asked back, and what is asked asks for itself', () => {
    let [read, back] = [0, 0];
    fc.assert(
      fc.property(text, (typed) => {
        const readings = readPrinciples(typed);
        expect(readings.length === 0).toBe(readings.every((one) => one.typed === ''));
        for (const reading of readings) {
          expect(reading.asked.length > 0).toBe(reading.trouble === null);
          for (const phrase of reading.asked) {
            expect(askedOf(phrase)).toEqual([phrase]);
            read++;
          }
          if (reading.trouble) back++;
          for (const offer of reading.trouble?.offers ?? []) expect(askedOf(offer)).toEqual([offer]);
        }
        const asked = readings.flatMap((one) => one.asked);
        expect(askedOf(asked.join('; '))).toEqual([...new Set(asked)]);
        readPrinciple(typed);
      }),
      { numRuns: 1500 },
    );
    expect(Math.min(read, back)).toBeGreaterThan(200);
  });

  test('how it looks makes no difference', () => {
    const disguises: ((text: string) => string)[] = [
      (text) => text.toUpperCase(),
      (text) => ` ${text.replaceAll(' ', '\u00A0 ')}\t`,
      (text) => [...text].join('\u00AD'),
      (text) => `\uFEFF${text.replaceAll(' ', ' \u200B')}`,
      (text) => `“${text}”`,
      (text) => `‘${text}’`,
      (text) => `- ${text}`,
      (text) => `1. ${text}.`,
      (text) =>
        [...text]
          .map((c) => (/[a-z]/.test(c) ? String.fromCodePoint(c.codePointAt(0)! + 0xfee0) : c))
          .join(''),
    ];
    for (const { phrase } of PRINCIPLES)
      for (const disguise of disguises) expect(askedOf(disguise(phrase)), disguise(phrase)).toEqual([phrase]);
  });

  test('principles in any order come back as they were', () => {
    const joints = [', ', '; ', '\n', '，', '、', '\n• '];
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...PRINCIPLES.map((p) => p.phrase)), { minLength: 1, maxLength: 12 }),
        fc.constantFrom(...joints),
        (phrases, joint) => {
          expect(askedOf(phrases.join(joint))).toEqual(phrases);
        },
      ),
    );
  });
});

test('every sense is asked in the model’s own phrases, and turned to the other side of the same values', () => {
  for (const [plain, turned] of SENSES) {
    const [a, b] = [valuesOf(plain.split(' + ')), valuesOf(turned.split(' + '))];
    expect(Object.keys(a).length, plain).toBeGreaterThan(0);
    expect(
      VALUE_NAMES.filter((name) => (a[name] ?? 0) * (b[name] ?? 0) > 0),
      plain,
    ).toEqual([]);
    expect(VALUE_NAMES.filter((name) => (a[name] ?? 0) * (b[name] ?? 0) < 0).length, plain).toBeGreaterThan(
      0,
    );
  }
});

test('no phrase stands for two senses', () => {
  const all = SENSES.flatMap(([, , words]) => words.split(', '));
  expect(all.filter((one, i) => all.indexOf(one) !== i)).toEqual([]);
});
