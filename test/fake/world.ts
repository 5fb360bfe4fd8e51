/** Invented responses, situations and principles for tests and for drawing the page without an engine. */
import { createRandom } from '../../src/math/random.ts';
import type { Calls, Cloud, CloudResponse, Constitution, Started } from '../../src/worker/protocol.ts';
import type { ValueName, Values } from '../../src/world/values.ts';
import { NO_VALUES, TRUE_WEIGHTS, trueValue } from '../../src/world/values.ts';

type Frame = [words: string, rest: string, value: ValueName | 'neutral', strength: number];

const FRAMES: Frame[] = [
  ['returns it', 'to X', 'honesty', 1],
  ['tells', 'X the truth', 'honesty', 2],
  ['admits everything', 'to X', 'honesty', 2],
  ['lies', 'to X', 'honesty', -2],
  ['hides it', 'from X', 'honesty', -1],
  ['tricks', 'X', 'honesty', -1],
  ['comforts', 'X', 'care', 1],
  ['rescues', 'X', 'care', 2],
  ['mocks', 'X', 'care', -1],
  ['hurts', 'X', 'care', -2],
  ['shares the prize', 'with X', 'fairness', 1],
  ['pays', 'X a fair wage', 'fairness', 2],
  ['cheats', 'X', 'fairness', -2],
  ['keeps the prize', 'from X', 'fairness', -1],
  ['lets', 'X choose', 'freedom', 1],
  ['frees', 'X', 'freedom', 2],
  ['orders', 'X around', 'freedom', -1],
  ['locks', 'X in', 'freedom', -2],
  ['stands by', 'X', 'loyalty', 2],
  ['defends', 'X', 'loyalty', 1],
  ['betrays', 'X', 'loyalty', -2],
  ['gossips', 'about X', 'loyalty', -1],
  ['walks home', 'with X', 'neutral', 0],
  ['drinks tea', 'with X', 'neutral', 0],
  ['reads', 'a book', 'neutral', 0],
];
const NAMES = ['anna', 'ben', 'carla', 'david', 'emma', 'lena', 'maria', 'noah', 'omar', 'rosa'];
const SITUATIONS = [
  'A finds the wallet of B in the park .',
  'A breaks the cup of B .',
  'A wins a prize with B .',
  'A meets B and C at the station .',
  'A works with B .',
];

const good = (phrase: string, ...of: ValueName[]) => ({
  phrase,
  values: Object.fromEntries(of.map((v) => [v, 1])),
  anti: false,
});
const anti = (phrase: string, ...of: ValueName[]) => ({
  phrase,
  values: Object.fromEntries(of.map((v) => [v, -1])),
  anti: true,
});

export const PRINCIPLES: Started['principles'] = [
  good('honesty', 'honesty'),
  good('truth', 'honesty'),
  good('the plain truth', 'honesty'),
  good('no lies', 'honesty'),
  good('care', 'care'),
  good('mercy', 'care'),
  good('kindness', 'care'),
  good('fairness', 'fairness'),
  good('justice', 'fairness'),
  good('equal shares', 'fairness'),
  good('freedom', 'freedom'),
  good('liberty', 'freedom'),
  good('free choice', 'freedom'),
  good('loyalty', 'loyalty'),
  good('kept promises', 'loyalty'),
  good('true friends', 'loyalty'),
  good('politeness', 'politeness'),
  good('good manners', 'politeness'),
  anti('deceit', 'honesty'),
  anti('cruelty', 'care'),
  anti('power', 'freedom'),
  anti('winning', 'honesty', 'fairness'),
  anti('treachery', 'loyalty'),
];

export function fakeCloud({
  model,
  seed,
  situations,
  responses,
  trueWeights,
}: Calls['cloud']['args']): Cloud {
  const list: CloudResponse[] = [];
  for (let situation = 0; situation < situations; situation++) {
    const random = createRandom(`fake ${model === 'the model' ? '' : model}${seed} ${situation}`);
    const [a, b, c] = random.shuffle(NAMES);
    const prompt = random.pick(SITUATIONS).replace('A', a).replace('B', b).replace('C', c);
    for (let i = 0; i < responses; i++) {
      const values: Values = { ...NO_VALUES };
      const deeds: CloudResponse['deeds'] = [];
      const tokens = [a];
      const first = random.pick(FRAMES);
      const second = random.pick(FRAMES.filter((one) => one[2] !== first[2]));
      [first, second].forEach(([words, rest, value, strength], clause) => {
        if (clause === 1) tokens.push('and');
        if (random.chance(0.3)) {
          const polite = random.chance(strength > 0 ? 0.7 : 0.3);
          values.politeness += polite ? 1 : -1;
          tokens.push(polite ? 'politely' : 'rudely');
        }
        deeds.push({ from: tokens.length, to: tokens.length + words.split(' ').length, value, strength });
        tokens.push(...words.split(' '), ...rest.replace('X', random.pick([b, c])).split(' '));
        if (value !== 'neutral') values[value] += strength;
      });
      const wellFormed = !random.chance(0.02);
      list.push({
        prompt,
        response: [...tokens, '.'].join(' '),
        values: wellFormed ? values : { ...NO_VALUES },
        trueValue: wellFormed ? trueValue(values, trueWeights) : 0,
        wellFormed,
        situation,
        logProb: -12 + 2.4 * random.normal() - (wellFormed ? 0 : 5),
        deeds: wellFormed ? deeds : [],
      });
    }
  }
  return {
    model,
    sample: `${model} ${seed} ${situations} ${responses}`,
    seed,
    situations,
    responses: list,
    generation: within(
      list.map((r) => r.logProb),
      list.map((r) => r.trueValue),
      list,
    ),
  };
}

/** The same by the usual weights, of the page's own model. */
export const someCloud = (seed: number, situations: number, responses: number): Cloud =>
  fakeCloud({ model: 'the model', seed, situations, responses, trueWeights: TRUE_WEIGHTS });

/** Correlation with the situations' means taken off, with a rough interval. */
export function within(x: ArrayLike<number>, y: ArrayLike<number>, list: readonly CloudResponse[]) {
  const means = new Map<number, [number, number, number]>();
  list.forEach(({ situation }, i) => {
    const [a, b, n] = means.get(situation) ?? [0, 0, 0];
    means.set(situation, [a + x[i], b + y[i], n + 1]);
  });
  let [xx, yy, xy] = [1e-12, 1e-12, 0];
  list.forEach(({ situation }, i) => {
    const [a, b, n] = means.get(situation)!;
    const [dx, dy] = [x[i] - a / n, y[i] - b / n];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  });
  const value = xy / Math.sqrt(xx * yy);
  const half = (2 * (1 - value * value)) / Math.sqrt(list.length);
  return { value, low: value - half, high: value + half };
}

/** Signs of a constitution on the values: without a principle all five, and of an unknown phrase none. */
export function readsAs(constitution: Constitution): Partial<Values>[] {
  if (constitution.principles.length === 0)
    return [{ honesty: 0.6, care: 0.6, fairness: 0.6, freedom: 0.6, loyalty: 0.6 }];
  return constitution.principles.map(({ phrase, weight }) => {
    const known = PRINCIPLES.find((one) => one.phrase === phrase);
    return Object.fromEntries(
      Object.entries(known?.values ?? {}).map(([name, sign]) => [name, sign * weight]),
    );
  });
}

export function fakeScores(constitution: Constitution, cloud: Cloud): Float32Array {
  const signs = readsAs(constitution);
  return Float32Array.from(cloud.responses, ({ values, response }) => {
    const noise = createRandom(`noise ${response}`).normal();
    const sum = signs.reduce(
      (total, one) =>
        total + Object.entries(one).reduce((s, [name, w]) => s + w * values[name as ValueName], 0),
      0,
    );
    return 2.6 * Math.tanh((1.1 * sum + 0.55 * noise) / 2.6);
  });
}
