import { expect, test } from 'vitest';
import { weighingOf } from '../../src/views/weighing.ts';
import { fakeCloud } from '../fake/world.ts';

test('finds the pair of a run among the dots of the cloud', () => {
  const { responses } = fakeCloud(7, 3, 8);
  const [a, b] = [responses[2], responses[5]];
  const pair = {
    prompt: a.prompt,
    a: a.response,
    b: b.response,
    scoreA: 1,
    scoreB: 0,
    preferA: 0.7,
    trueA: 1,
    trueB: 0,
  };
  const report = { row: { step: 3 }, pair } as Parameters<typeof weighingOf>[0];
  const weighing = weighingOf(report, null, responses, null)!;
  expect(responses[weighing.a.id!].response).toBe(a.response);
  expect(weighing.step).toBe(3);
  expect(weighingOf(null, null, responses, null)).toBeNull();
});
