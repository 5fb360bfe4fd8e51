import { describe, expect, test } from 'vitest';
import { firstToRead } from '../../src/page/opening/first.ts';
import { rivalOf, weighingOf } from '../../src/page/opening/weighing.ts';
import { someCloud, fakeScores } from '../fake/world.ts';

test('finds the pair of a run among the dots of the cloud', () => {
  const { responses } = someCloud(7, 3, 8);
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

describe('a response', () => {
  const { responses } = someCloud(7, 6, 11);
  const scores = fakeScores({ principles: [{ phrase: 'honesty', weight: 1 }] }, someCloud(7, 6, 11));

  test('is weighed against the most differently judged answer to the same situation', () => {
    const rival = rivalOf(0, responses, scores)!;
    expect(responses[rival].situation).toBe(responses[0].situation);
    expect(responses[rival].response).not.toBe(responses[0].response);
    expect(rivalOf(0, responses.slice(0, 1), scores)).toBeNull();
  });

  test('is what the judge likes before anyone chose, also where that is bad', () => {
    const first = firstToRead(responses, scores)!;
    expect(responses[first].trueValue).toBeGreaterThan(0);
    const turned = firstToRead(
      responses,
      scores.map((one) => -one),
    )!;
    expect(responses[turned].wellFormed).toBe(true);
    expect(responses[turned].trueValue).toBeLessThan(0);
    expect(firstToRead([], new Float32Array())).toBeNull();
  });
});
