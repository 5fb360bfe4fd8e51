/** RLAIF on a small model of random weights and a planted judge: it cannot speak well, but it can learn. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/math/random.ts';
import { disposeModel, readWeights, type Model } from '../../src/model/parameters.ts';
import { logProbs } from '../../src/model/score.ts';
import { createJudge, JUDGES, type Judge, type Judged } from '../../src/rlaif/judge.ts';
import { rlaif, RLAIF, type RlaifOptions, type RlaifState, type StopReason } from '../../src/rlaif/loop.ts';
import { LOSSES, type LossName } from '../../src/rlaif/losses.ts';
import { predict, scoreBound } from '../../src/analysis/predict.ts';
import type { Row } from '../../src/rlaif/rows.ts';
import { promptedScores, readConstitution } from '../../src/values/constitution.ts';
import { Lens } from '../../src/values/lens.ts';
import { respond } from '../../src/values/respond.ts';
import { sampleGists, trueValues } from '../../src/values/sampled.ts';
import { situationAt } from '../../src/world/documents.ts';
import { VALUE_NAMES } from '../../src/world/values.ts';
import { smallModel } from '../values/small.ts';

let model: Model;
beforeAll(async () => {
  model = await smallModel();
});
afterAll(() => disposeModel(model));

/** Likes tokens of the first half of the vocabulary: a score that any policy can raise. */
const planted: Judge = async ({ responses }) =>
  responses.map(({ response }) => response.filter((id) => id < 160).length - 0.5 * response.length);

const OPTIONS: RlaifOptions = {
  ...RLAIF,
  seed: 3,
  steps: 2,
  kl: 50,
  responses: 16,
  measure: { situations: 6, each: 4 },
};

async function run(judge: Judge, options: Partial<RlaifOptions> = {}, from?: RlaifState, reference = model) {
  const rows: Row[] = [];
  const pairs: number[] = [];
  const generator = rlaif(reference, judge, { ...OPTIONS, ...options }, from);
  for (;;) {
    const next = await generator.next();
    if (next.done) return { rows, pairs, reason: next.value };
    rows.push(next.value.row);
    pairs.push(next.value.pairs.length);
  }
}

const tensors = () => tf.memory().numTensors;

describe('a run', () => {
  test('is the same bit for bit from the same seed, and another from another; the reference stays', async () => {
    const before = await readWeights(model);
    const count = tensors();
    const once = await run(planted);
    expect(tensors()).toBe(count);
    expect(await run(planted)).toEqual(once);
    expect((await run(planted, { seed: 4 })).rows).not.toEqual(once.rows);
    expect(await readWeights(model)).toEqual(before);
    expect(once.rows.map(({ step }) => step)).toEqual([0, 1, 2]);
    expect(once.reason).toBe('steps');
    expect(once.pairs).toEqual([8, 8, 0]);
  });

  test('starts at the reference: its KL is 0 before any update', async () => {
    const { rows } = await run(planted, { steps: 0 });
    expect(rows).toHaveLength(1);
    expect(Math.abs(rows[0].kl)).toBeLessThan(1e-5);
    expect(rows[0].klError).toBeLessThan(1e-5);
  });

  test('first and last row are measured on the same situations and stream', async () => {
    // A rate of nothing leaves the policy where it is, so the two rows can differ in nothing but their step.
    const { rows } = await run(planted, { rate: 1e-30 });
    const plain = ({ step: _step, pairAccuracy: _pairs, trueValue, ...row }: Row) => ({
      ...row,
      v: trueValue.value,
    });
    expect(plain(rows[2])).toEqual(plain(rows[0]));
  });

  test('its rows say what the policy is', async () => {
    const generator = rlaif(model, planted, { ...OPTIONS, steps: 3, rate: 3e-3 });
    let last: Row | undefined;
    for (let next = await generator.next(); !next.done; next = await generator.next()) {
      const { row, policy, pairs } = next.value;
      last = row;
      for (const name of VALUE_NAMES) expect(Number.isFinite(row.values[name])).toBe(true);
      expect(row.trueValue.low).toBeLessThanOrEqual(row.trueValue.value);
      expect(row.trueValue.high).toBeGreaterThanOrEqual(row.trueValue.value);
      expect(row.length).toBeGreaterThan(0);
      expect(row.wellFormed).toBeGreaterThanOrEqual(0);
      for (const { a, b, preferA, scoreA, scoreB } of pairs) {
        expect(a.promptText).toBe(b.promptText);
        expect(preferA > 0.5).toBe(scoreA > scoreB);
      }
      if (row.step === 3) {
        // KL once more, on the measuring sample drawn by hand.
        const random = createRandom(OPTIONS.seed).fork('rlaif').fork('measure');
        const prompts = Array.from({ length: 6 }, (_, i) => situationAt(`measure/${OPTIONS.seed}`, i));
        const said = await respond(
          policy,
          prompts.flatMap((prompt) => new Array<string>(4).fill(prompt)),
          random,
        );
        const [now, then] = [await logProbs(policy, said), await logProbs(model, said)];
        const kl = now.reduce((sum, x, i) => sum + x - then[i], 0) / said.length;
        expect(row.kl).toBeCloseTo(kl, 4);
        expect(kl).toBeGreaterThan(0.05);
      }
    }
    expect(last?.step).toBe(3);
  });
});

const everyLoss = Object.keys(LOSSES) as LossName[];

describe.each(everyLoss)('by %s', (loss) => {
  test('the policy comes to say more of what the judge likes', async () => {
    const { rows } = await run(planted, {
      loss,
      steps: 15,
      kl: 0.6,
      rate: 1e-3,
      responses: 64,
      measure: { situations: 16, each: 16 },
    });
    const [first, last] = [rows[0], rows.at(-1)];
    expect(last.judge - first.judge).toBeGreaterThan(0.3);
    expect(last.kl).toBeGreaterThan(3 * last.klError);
  });

  test('a run is replayed from its seed bit for bit, judged by the model itself', async () => {
    const judge = await createJudge('prompted', model, readConstitution('honesty and no power'), () => {
      throw new Error('the prompted judge looks through no lens');
    });
    const options = { loss, steps: 3, rate: 3e-3 };
    const [once, again] = [await lastState(judge, options), await lastState(judge, options)];
    expect(again).toEqual(once);
    expect((await lastState(judge, { ...options, seed: 4 })).weights).not.toEqual(once.weights);
  });
});

/** Rows of a run, and everything it was at its end: weights, moments, temperature. */
async function lastState(judge: Judge, options: Partial<RlaifOptions>) {
  const rows: Row[] = [];
  let state: RlaifState | undefined;
  for await (const report of rlaif(model, judge, { ...OPTIONS, ...options })) {
    rows.push(report.row);
    state = await report.state();
  }
  return { rows, ...state! };
}

describe('a run ends', () => {
  test('when its KL is spent', async () => {
    const { rows, reason } = await run(planted, { steps: 20, kl: 0.02, rate: 3e-3 });
    expect(reason).toBe('kl');
    expect(rows.length).toBeLessThan(20);
    expect(rows.length).toBeGreaterThan(1);
  });

  test('"not finite" when a judge’s scores are not numbers, whatever the loss', async () => {
    for (const loss of everyLoss) {
      const count = tensors();
      const { rows, reason } = await run(async ({ responses }) => responses.map(() => NaN), { loss });
      expect([loss, reason, rows.length]).toEqual([loss, 'not-finite' satisfies StopReason, 1]);
      expect(tensors()).toBe(count);
    }
  });

  test('"not finite" when they stop being numbers on the way, having kept what it was', async () => {
    let calls = 0;
    const failing: Judge = async (judged) => {
      calls += 1; // 1: the first batch; 2: the measuring sample; 3: the second batch
      const scores = await planted(judged);
      return calls === 3 ? Array.from(scores, () => Infinity) : scores;
    };
    const { rows, reason } = await run(failing, { steps: 5 });
    expect(reason).toBe('not-finite');
    expect(rows.map(({ step }) => step)).toEqual([0, 1]);
  });

  test('"not finite" when weights overflow, and its last report is of the last good state', async () => {
    for (const loss of everyLoss) {
      const count = tensors();
      const generator = rlaif(model, planted, { ...OPTIONS, loss, steps: 5, rate: 1e38 });
      const states: RlaifState[] = [];
      let next = await generator.next();
      for (; !next.done; next = await generator.next()) {
        states.push(await next.value.state());
        for (const x of [next.value.row.kl, next.value.row.judge]) expect(x).toSatisfy(Number.isFinite);
      }
      expect([loss, next.value, states.length]).toEqual([loss, 'not-finite', 1]);
      expect(states[0].weights).toEqual(await readWeights(model));
      expect(tensors()).toBe(count);
    }
  });

  test('"not finite" without a report when it is begun from weights that are not numbers', async () => {
    const { weights, ...rest } = await lastState(planted, { steps: 1 });
    for (const bad of [NaN, Infinity]) {
      const name = 'transformer.h.1.mlp.c_fc.weight';
      const broken = { ...weights, [name]: weights[name].map((x, i) => (i === 7 ? bad : x)) };
      const { rows, reason } = await run(planted, {}, { ...rest, weights: broken });
      expect([rows, reason]).toEqual([[], 'not-finite']);
    }
  });

  test('early when its caller leaves, without a tensor left behind', async () => {
    const count = tensors();
    for (const rowsSeen of [1, 2]) {
      const generator = rlaif(model, planted, OPTIONS);
      for (let i = 0; i < rowsSeen; i++) await generator.next();
      expect(tensors()).toBeGreaterThan(count);
      expect(await generator.return('steps')).toEqual({ value: 'steps', done: true });
      expect(tensors()).toBe(count);
    }
    await rlaif(model, planted, OPTIONS).return('steps'); // never begun
    expect(tensors()).toBe(count);
  });

  test('with the judge’s own error, without a tensor left behind', async () => {
    const count = tensors();
    for (const failAt of [1, 2, 3]) {
      let calls = 0;
      const failing: Judge = async (judged) => {
        calls += 1;
        if (calls === failAt) throw new Error('the judge left');
        return planted(judged);
      };
      await expect(run(failing)).rejects.toThrow('the judge left');
      expect(tensors()).toBe(count);
    }
  });
});

test('a run that goes on from a state is the run that never stopped', async () => {
  const whole = await run(planted, { steps: 4, rate: 3e-3 });
  const count = tensors();
  const generator = rlaif(model, planted, { ...OPTIONS, steps: 4, rate: 3e-3 });
  let state: RlaifState | undefined;
  for (let next = await generator.next(); !next.done; next = await generator.next())
    if (next.value.row.step === 2) {
      state = await next.value.state();
      break;
    }
  await generator.return('steps');
  const rest = await run(planted, { steps: 4, rate: 3e-3 }, state);
  expect(rest.rows).toEqual(whole.rows.slice(2));
  expect(tensors()).toBe(count);
});

describe('judges', () => {
  const constitution = readConstitution('honesty and mercy');

  test('each gives one score a response, and asks for a lens only where it looks through one', async () => {
    const sample = await sampleGists(model, { name: 'judges', seed: 1, count: 10, each: 8 });
    const count = tensors();
    for (const name of JUDGES) {
      let lenses = 0;
      const judge = await createJudge(name, model, constitution, async () => {
        lenses += 1;
        return new Lens(model, sample.gists, sample.situations);
      });
      const scores = await judge(sample);
      expect(scores.length).toBe(80);
      expect(Array.from(scores).every(Number.isFinite), name).toBe(true);
      expect(lenses, name).toBe(name === 'linear' || name === 'projected' ? 1 : 0);
      expect(tensors()).toBe(count);
    }
  });

  test('truth, likelihood and prompted are what they are called; the policy judges as itself', async () => {
    const sample = await sampleGists(model, { name: 'judges', seed: 2, count: 4, each: 4 });
    const lens = async () => new Lens(model, sample.gists, sample.situations);
    const ask = async (name: (typeof JUDGES)[number], judged: Judged = sample) =>
      Array.from(await (await createJudge(name, model, constitution, lens))(judged));
    expect(await ask('truth')).toEqual(trueValues(sample.responses));
    expect(await ask('likelihood')).toEqual(Array.from(sample.logProbs));
    const prompted = Array.from(await promptedScores(model, sample.gists, constitution));
    expect(await ask('prompted')).toEqual(prompted);
    expect(await ask('policy')).toEqual(prompted);
    const other = await smallModel(9);
    expect(await ask('prompted', { ...sample, policy: other })).toEqual(prompted);
    expect(await ask('policy', { ...sample, policy: other })).not.toEqual(prompted);
    disposeModel(other);
  });
});

test('a prediction has its four curves at the budgets that the sample carries', async () => {
  const sample = await sampleGists(model, { name: 'predict', seed: 1, count: 8, each: 64 });
  // A random model says nothing of worth: give it a worth that the judge partly sees.
  const random = createRandom(1);
  const scores = await planted(sample);
  sample.responses.forEach((r, i) => (r.trueValue = scores[i] + 3 * random.normal()));
  const budgets = [0, 0.1, 0.3, 6];
  const readout = () => Float64Array.from(trueValues(sample.responses), (v) => v + 2 * random.normal());
  const prediction = await predict(sample, planted, { any: readout }, budgets, createRandom(2));
  expect(Array.from(prediction.tilt.kl)).toEqual([0, 0.1, 0.3]);
  expect(prediction.linear).toHaveLength(3);
  expect(prediction.tilt.gain[0]).toBeCloseTo(0, 9);
  for (const i of [1, 2]) {
    expect(prediction.tilt.gain[i]).toBeGreaterThan(0);
    expect(prediction.ceilings.any.gain[i]).toBeGreaterThan(prediction.tilt.gain[i]);
    expect(prediction.ceilings.truth.gain[i]).toBeGreaterThan(prediction.ceilings.any.gain[i]);
    expect(prediction.linear[i] / prediction.tilt.gain[i]).toBeGreaterThan(0.6);
    expect(prediction.linear[i] / prediction.tilt.gain[i]).toBeLessThan(1.6);
  }
  const own = await scoreBound(sample, planted, 0.3);
  expect(own).toBeGreaterThan(0);
  expect(await scoreBound(sample, planted, 20)).toBeNull();
});
