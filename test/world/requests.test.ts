/** Every request there is, against what documents hold. */
import { expect, test } from 'vitest';
import { documentAt } from '../../src/world/documents.ts';
import { GENERAL_FRAMES, NAMES } from '../../src/world/lexicon.ts';
import { REQUESTS, UNASKED_REQUESTS } from '../../src/world/requests.ts';
import { encode } from '../../src/world/tokenizer.ts';

test('they are those that documents hold, all of them, each once, as harmful as there', () => {
  const said = new Map<string, boolean>();
  for (let i = 0; i < 40_000; i++) {
    const document = documentAt(11, i);
    if (document.kind === 'request') said.set(document.prompt, document.harmful);
  }
  expect(new Map(REQUESTS.map(({ prompt, harmful }) => [prompt, harmful]))).toEqual(said);
  expect(REQUESTS).toHaveLength(said.size);
});

test('what is never asked for shares no deed with what is, names whom it is done to, and can be read', () => {
  const asked = new Set(
    GENERAL_FRAMES.filter(({ base }) => base).flatMap(({ words, base }) => [
      words.join(' '),
      base?.join(' '),
    ]),
  );
  const unasked = new Set(UNASKED_REQUESTS.map(({ deed }) => deed));
  expect([...unasked].filter((deed) => asked.has(deed))).toEqual([]);
  expect(unasked.size).toBeGreaterThan(30);
  expect(UNASKED_REQUESTS).toHaveLength(unasked.size * NAMES.length);
  for (const { prompt, person } of UNASKED_REQUESTS) {
    expect(prompt).toContain(` ${NAMES[person]}`);
    expect(() => encode(prompt)).not.toThrow();
  }
  for (const harmful of [true, false])
    expect(UNASKED_REQUESTS.filter((r) => r.harmful === harmful).length).toBeGreaterThan(100);
});
