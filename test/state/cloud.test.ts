import { expect, test } from 'vitest';
import { keepingList, sameCloud } from '../../src/state/cloud.ts';
import type { Cloud } from '../../src/worker/protocol.ts';
import { fakeCloud } from '../fake/world.ts';

const cloud = (): Cloud => fakeCloud(3, 5, 4);
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
  ['another response', withFirst({ response: 'omar returns it to ben .' })],
  ['another log π₀', withFirst({ logProb: logProb + 1e-3 })],
  ['fewer responses', { ...cloud(), responses: cloud().responses.slice(1) }],
])('%s makes it another list', (_, now) => {
  expect(keepingList(now, cloud())).toBe(now);
  expect(keepingList(now, null)).toBe(now);
});

test('two clouds are the same by what is said, not by how probable it is', () => {
  expect(sameCloud(withFirst({ logProb: 0 }), cloud())).toBe(true);
  expect(sameCloud(withFirst({ prompt: 'omar meets ben .' }), cloud())).toBe(false);
});
