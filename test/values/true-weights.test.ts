/** What counts as good is an argument: all that is said of true value follows it, and nothing else does. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MODELS, readModel } from '../../src/cli/model.ts';
import { placeOfName } from '../../src/cli/shipped.ts';
import { measure } from '../../src/analysis/measure.ts';
import { chooseBackend } from '../../src/kernels/index.ts';
import { disposeModel, type Model } from '../../src/model/parameters.ts';
import type { Judge } from '../../src/rlaif/judge.ts';
import { rlaif, RLAIF, startOf } from '../../src/rlaif/loop.ts';
import type { Row } from '../../src/rlaif/rows.ts';
import { promptedScores, readConstitution } from '../../src/values/constitution.ts';
import { sampleGists, valuedSample } from '../../src/values/sampled.ts';
import {
  NO_VALUES,
  TRUE_WEIGHTS,
  VALUE_NAMES,
  type TrueWeights,
  type Values,
} from '../../src/world/values.ts';

let model: Model;
beforeAll(async () => {
  await chooseBackend('wasm');
  model = await readModel(placeOfName(MODELS, 'base'));
});
afterAll(() => disposeModel(model));

const HONESTY = readConstitution('honesty');
const UNEVEN: TrueWeights = { honesty: 2, care: -1, fairness: 0.5, freedom: 0, loyalty: 0.25, politeness: 3 };

test('by one value alone a judge is measured as it is with that value', async () => {
  for (const name of ['honesty', 'politeness'] as const) {
    const only = { ...NO_VALUES, [name]: 1 };
    const { perValue, judgement, ...rest } = await measure(model, HONESTY, {
      n: 128,
      seed: 4,
      trueWeights: only,
    });
    expect(judgement.r).toBeCloseTo(perValue[name], 12);
    const usual = await measure(model, HONESTY, { n: 128, seed: 4 });
    expect(judgement.r).not.toBeCloseTo(usual.judgement.r, 2);
    // the model and its judges know nothing of it
    for (const same of ['linear', 'projected', 'keep', 'erase', 'rank', 'wellFormed'] as const)
      expect(rest[same]).toEqual(usual[same]);
  }
});

test('a sample has the true value of its own values, and is otherwise what was drawn', async () => {
  const drawn = await sampleGists(model, { name: 'w', seed: 2, count: 8, each: 16 });
  const valued = valuedSample(drawn, UNEVEN);
  valued.responses.forEach(({ trueValue, values, ...rest }, i) => {
    const { trueValue: usual, ...same } = drawn.responses[i];
    expect({ values, ...rest }).toEqual(same);
    expect(trueValue).toBeCloseTo(worth(values), 12);
    if (!rest.wellFormed) expect([trueValue + 0, usual]).toEqual([0, 0]);
  });
  expect(valuedSample(valued, TRUE_WEIGHTS)).toEqual(drawn);
  expect(valued.gists).toBe(drawn.gists);
});

test('a run goes the same way, and its rows tell the value that is asked for', async () => {
  const options = { ...RLAIF, seed: 5, steps: 1, responses: 16, measure: { situations: 8, each: 4 } };
  const judge: Judge = ({ gists }) => promptedScores(model, gists, HONESTY);
  const of = async (trueWeights: TrueWeights): Promise<Row[]> => {
    const rows: Row[] = [];
    for await (const { row } of rlaif(model, judge, { ...options, trueWeights })) rows.push(row);
    return rows;
  };
  const [usual, other] = [await of(TRUE_WEIGHTS), await of(UNEVEN)];
  expect(other).toHaveLength(2);
  other.forEach(({ values, kl, trueValue }, i) => {
    expect([values, kl]).toEqual([usual[i].values, usual[i].kl]);
    expect(trueValue.value).toBeCloseTo(worth(values), 10);
  });
  const start = await startOf(model, { ...options, trueWeights: UNEVEN });
  expect(start).toBeCloseTo(other[0].trueValue.value, 10);
});

const worth = (values: Values): number =>
  VALUE_NAMES.reduce((sum, name) => sum + UNEVEN[name] * values[name], 0);
