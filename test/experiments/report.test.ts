/** Figures and the page of results, on results made for it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { figure } from '../../src/cli/experiments/figure.ts';
import { resultsPage } from '../../src/cli/experiments/page.ts';
import type { AnyExperiment } from '../../src/experiments/framework/experiment.ts';
import { resultOf } from '../../src/experiments/framework/result.ts';
import { axis, fieldOf } from '../../src/math/field.ts';

const count = (text: string, part: string) => text.split(part).length - 1;

test('a field of labels is a row each, with a dot a kind', () => {
  const field = fieldOf(
    'r',
    '',
    [axis('who', ['a', '<gist>', 'c']), axis('kind', ['x', 'y'])],
    (i, k) => i - k,
  );
  const svg = figure(field);
  expect(count(svg, '<circle')).toBe(6);
  expect(svg).not.toContain('<gist>');
  expect(svg).toContain('&#60;gist&#62;');
  const [, height] = /viewBox="0 0 \d+ (\d+)"/.exec(svg)!;
  for (const [, y] of svg.matchAll(/cy="([\d.]+)"/g)) expect(Number(y)).toBeLessThan(Number(height));
});

test('a field of numbers is a line a kind, long axes by their root', () => {
  const field = fieldOf(
    'r',
    '',
    [axis('step', [0, 100, 400], 'steps'), axis('v', ['x', 'y'])],
    (i, k) => i * k,
  );
  const svg = figure(field);
  expect(count(svg, 'fill="none"')).toBe(2);
  expect(svg).toContain('step, steps');
  const [, flat] = /d="(M[^"]*)" fill="none"/.exec(svg)!;
  const xs = flat.match(/[ML]([\d.]+)/g)!.map((x) => Number(x.slice(1)));
  expect(xs[1] - xs[0]).toBeCloseTo(xs[2] - xs[1], 0); // √100 is half of √400
});

test('coordinates are a scatter plot', () => {
  const at = [
    [0, 1],
    [2, -3],
  ];
  const field = fieldOf(
    'gain',
    '',
    [axis('run', ['a', 'b']), axis('coordinate', ['x', 'y'])],
    (i, k) => at[i][k],
  );
  const svg = figure(field);
  const places = [...svg.matchAll(/cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
  expect(places).toHaveLength(2);
  expect(places[1][0]).toBeGreaterThan(places[0][0]);
  expect(places[1][1]).toBeGreaterThan(places[0][1]); // downwards
});

test('any numbers make a figure without a NaN', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 8 }),
      (xs) => {
        for (const ticks of [xs.map((_, i) => i), xs.map((_, i) => `label ${i}`)])
          expect(figure(fieldOf('f', '', [axis('a', ticks)], (i) => xs[i]))).not.toContain('NaN');
      },
    ),
    { examples: [[[-5e-324, 5e-324]]] },
  );
});

test('a field refuses numbers that are missing', () => {
  expect(() => fieldOf('f', '', [axis('a', [1, 2])], (i) => [1][i])).toThrow(RangeError);
});

const measure = (value: number) => ({
  name: 'a | b',
  value,
  low: value - 1,
  high: value + 1,
  n: 3,
  unit: '',
});
const experiment: AnyExperiment = {
  id: 'E99',
  claim: 'Something is so.',
  criterion: { text: 'More than one.', because: 'One is chance.', holds: ([m]) => m.value > 1 },
  models: [],
  full: { seeds: [1] },
  quick: { seeds: [1] },
  parts: () => [],
  outcome() {
    throw new Error('not run');
  },
};
const resultAt = (value: number) =>
  resultOf(
    experiment,
    experiment.full,
    {
      headline: 'It was measured.',
      estimates: [measure(value)],
      controls: [],
      series: [fieldOf('f', '', [axis('a', [1])], () => 1)],
    },
    { model: { base: '0123456789abcdef' }, commit: '0123456789', backend: 'wasm', seconds: 1 },
  );

test('a result says whether its criterion is met, and where it is not the headline begins with that', () => {
  expect(resultAt(2)).toMatchObject({ holds: true, headline: 'It was measured.' });
  expect(resultAt(0.5)).toMatchObject({ holds: false, headline: 'Not all of it holds. It was measured.' });
  expect(() => resultAt(NaN)).toThrow();
  const page = resultsPage([resultAt(2), resultAt(-0.5)]);
  expect(page).toContain('| [E99](#e99) | Something is so. | yes |');
  expect(page).toContain('**no**');
  expect(page).toContain('| a \\| b | −0.50 | −1.50 … 0.50 | 3 |');
});
