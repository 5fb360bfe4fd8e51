/** What WebGPU has to reproduce, and that wrong numbers are noticed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readNumbers, SHIPPED } from '../../src/cli/model.ts';
import { proofFile, referenceProof } from '../../src/cli/proof.ts';
import { chooseBackend } from '../../src/kernels/index.ts';
import {
  differenceOf,
  distance,
  reproduce,
  ROWS,
  TOLERANCE,
  type Reproduced,
} from '../../src/worker/proof.ts';

const { config, weights } = await readNumbers({ folder: SHIPPED, weights: 'model.safetensors' });

beforeAll(async () => void (await chooseBackend('wasm')));

test('the shipped numbers are this model’s, as `lab proof` writes them', async () => {
  const shipped = readFileSync(join(SHIPPED, 'proof.json'), 'utf8');
  expect(shipped).toBe(await proofFile(config, weights));
  expect(shipped.length).toBeLessThan(30_000);
});

test('WASM reproduces them far within the tolerance, and leaves the weights as they were', async () => {
  const expected = referenceProof(config, weights);
  const before = Object.values(weights).map((list) => list.slice());
  const found = await reproduce({ config, weights });
  expect(Object.values(weights)).toEqual(before);
  expect(differenceOf(expected, found)).toBeNull();
  expect(distance(expected.before, found.before)).toBeLessThan(TOLERANCE / 100);
  expect(distance(expected.after, found.after)).toBeLessThan(TOLERANCE / 4);
  expect(distance(expected.before, expected.after)).toBeGreaterThan(10 * TOLERANCE); // the step is seen
  expect(expected.before.length).toBe(ROWS.length * config.vocabulary);
});

test('every kind of wrong number is noticed, and named', () => {
  const right = referenceProof(config, weights);
  const bent = (list: number[]) => list.map((x, i) => (i === 7 ? x + 1 : x));
  const [name] = Object.keys(right.gradients);
  const cases: [Reproduced, RegExp][] = [
    [{ ...right, before: bent(right.before) }, /^its logits are off by \d/],
    [{ ...right, before: right.before.map(() => NaN) }, /^its logits are not numbers$/],
    [{ ...right, before: [] }, /^its logits are not numbers$/],
    [{ ...right, loss: 1.01 * right.loss }, /^its loss is off by 1%$/],
    [
      { ...right, gradients: { ...right.gradients, [name]: 2 * right.gradients[name] } },
      /^its gradients are off/,
    ],
    [{ ...right, gradients: {} }, /^its gradients are not numbers$/],
    [{ ...right, after: right.before }, /^its training step is off by/],
  ];
  for (const [wrong, says] of cases) expect(differenceOf(right, wrong)).toMatch(says);
  expect(differenceOf(right, right)).toBeNull();
});
