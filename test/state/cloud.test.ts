import { expect, test } from 'vitest';
import { keepingList } from '../../src/state/cloud.ts';
import type { Cloud } from '../../src/worker/protocol.ts';
import { TRUE_WEIGHTS } from '../../src/world/values.ts';
import { fakeCloud } from '../fake/world.ts';

const cloud = (): Cloud =>
  fakeCloud({ model: 'the model', seed: 3, situations: 5, responses: 4, trueWeights: TRUE_WEIGHTS });
const withFirst = (change: Partial<Cloud['responses'][number]>): Cloud => {
  const one = cloud();
  return { ...one, responses: one.responses.map((r, i) => (i === 0 ? { ...r, ...change } : r)) };
};
const { logProb } = cloud().responses[0];

test('a cloud that says the same keeps the list of the one before, and its own correlation', () => {
  const before = cloud();
  const now = { ...withFirst({ logProb: logProb + 5e-5 }), generation: { value: 0.5, low: 0.4, high: 0.6 } };
  const kept = keepingList(now, before);
  expect(kept.responses).toBe(before.responses);
  expect(kept.generation).toBe(now.generation);
});

test.each([
  ['another sample', { ...cloud(), sample: 'another' }],
  ['another true value', withFirst({ trueValue: 9 })],
  ['another log π₀', withFirst({ logProb: logProb + 1e-3 })],
])('%s makes it another list', (_, now) => {
  expect(keepingList(now, cloud())).toBe(now);
  expect(keepingList(now, null)).toBe(now);
});
