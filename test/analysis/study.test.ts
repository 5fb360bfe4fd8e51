/** Requests cut in two, deeds, kinds of harm, and policies: what refusal is studied with. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { heldOutStories } from '../../src/analysis/heldOut.ts';
import { judgeOf, teacherName, trainPolicy } from '../../src/analysis/policies.ts';
import { cosine, kindsOfHarm, orthogonalTo } from '../../src/analysis/refusal/kinds.ts';
import { byDeed, RefusalStudy, splitByName } from '../../src/analysis/refusal/study.ts';
import { createRandom } from '../../src/math/random.ts';
import { disposeModel, readWeights, type Model } from '../../src/model/parameters.ts';
import { sampleGists } from '../../src/values/sampled.ts';
import { REQUESTS } from '../../src/world/requests.ts';
import { MORAL_VALUES } from '../../src/world/values.ts';
import { smallModel } from '../values/small.ts';

let model: Model;
let study: RefusalStudy;
beforeAll(async () => {
  model = await smallModel(7);
  study = await RefusalStudy.of(model, createRandom(3), heldOutStories(1, 2));
});
afterAll(() => disposeModel(model));

test('the two halves share no person, have every deed that is done to one, and are all requests', () => {
  const { fitting, test: rest } = splitByName(createRandom(5));
  const people = (list: typeof fitting) => new Set(list.map(({ person }) => person).filter((p) => p >= 0));
  expect([...people(fitting)].filter((p) => people(rest).has(p))).toEqual([]);
  expect(people(fitting).size).toBe(people(rest).size);
  const done = (list: typeof fitting) => new Set(list.filter((r) => r.person >= 0).map(({ deed }) => deed));
  expect(done(fitting)).toEqual(done(rest));
  expect([...fitting, ...rest].map(({ prompt }) => prompt).sort()).toEqual(
    REQUESTS.map(({ prompt }) => prompt).sort(),
  );
  expect(splitByName(createRandom(6)).fitting).not.toEqual(fitting);
});

test('a figure of a deed is the mean over its requests', () => {
  const some = REQUESTS.filter(({ deed }) => deed === 'lie to X' || deed === 'stand by X');
  const numbers = some.map(({ deed, person }) => (deed === 'lie to X' ? person : 100));
  expect(byDeed(some, numbers, true)).toEqual([5.5]);
  expect(byDeed(some, numbers, false)).toEqual([100]);
});

test('a direction fitted on some requests is that of those alone', () => {
  const all = study.axisOf(2, () => true).direction;
  expect(all).toEqual(study.axes[2].direction);
  expect(study.axisOf(2, ({ value }) => value === 'care').direction).not.toEqual(all);
});

test('moving along all five kinds’ directions moves along each; kinds of harm are five', async () => {
  const kinds = await kindsOfHarm(study, createRandom(4));
  expect(kinds.cosines.map((row, i) => row[i])).toEqual(
    [1, 1, 1, 1, 1].map((x) => expect.closeTo(x, 9) as number),
  );
  expect(kinds.transfer.map((row, i) => row[i])).toEqual([1, 1, 1, 1, 1]);
  const layer = await study.chosenLayer();
  const directions = MORAL_VALUES.map((kind) => study.axisOf(layer, ({ value }) => value === kind).direction);
  const everything = study.moving(directions);
  const { harmful } = await study.answers(everything);
  expect(kinds.byRank[4]).toBeCloseTo(harmful.reduce((a, b) => a + b, 0) / harmful.length, 5);
});

test('what is left of a direction is orthogonal to the other one', () => {
  const random = createRandom(9);
  const [a, b] = [0, 1].map(() => Float64Array.from({ length: 7 }, () => random.normal()));
  const rest = orthogonalTo(a, b);
  expect(cosine(rest, b)).toBeCloseTo(0, 12);
  expect(cosine(orthogonalTo(a, rest), b) ** 2).toBeCloseTo(1, 12);
});

test('a policy is trained away from its reference towards its judge, and the same each time', async () => {
  const plan = { seed: 3, kl: 10, steps: 2 };
  const judge = () => judgeOf(model, { likelihood: true }, 3);
  const first = await trainPolicy(model, judge(), plan);
  expect(first.steps).toBe(2);
  expect(first.weights).not.toEqual(await readWeights(model));
  expect((await trainPolicy(model, judge(), plan)).weights).toEqual(first.weights);
});

test('teachers judge as they are called', async () => {
  const sample = await sampleGists(model, { name: 'teachers', seed: 1, count: 4, each: 4 });
  const [care, shuffled, likelihood] = [
    { constitution: 'care' },
    { constitution: 'care', shuffled: true },
    { likelihood: true } as const,
  ];
  const sorted = (x: ArrayLike<number>) => Array.from(x).sort((a, b) => a - b);
  const scores = await judgeOf(model, care, 1)(sample);
  const noise = await judgeOf(model, shuffled, 1)(sample);
  expect(sorted(noise)).toEqual(sorted(scores));
  expect([...Array.from(noise)]).not.toEqual([...Array.from(scores)]);
  expect(await judgeOf(model, likelihood, 1)(sample)).toEqual(sample.logProbs);
  expect([care, shuffled, likelihood].map(teacherName)).toEqual(['care', 'care, shuffled', 'likelihood']);
});
