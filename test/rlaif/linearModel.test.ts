/** The linear model: closed form against sampled responses, against the general tilt, and the sentences of the theory. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../../src/math/random.ts';
import {
  type Arrow,
  closedForm,
  DIMENSIONS,
  directionOf,
  JUDGES,
  type LinearSetting,
  sampledOutcome,
  sampleResponses,
  scoresOf,
  tilted,
  truthOf,
} from '../../src/rlaif/linearModel.ts';
import { linearGain, tilt, tiltAtKl } from '../../src/rlaif/theory.ts';

function settingOf(random: Random): LinearSetting {
  const arrow = (): Arrow => ({ x: random.normal(), y: random.normal() });
  return {
    truth: arrow(),
    habits: arrow(),
    constitution: arrow(),
    rank: 1 + random.integer(DIMENSIONS),
    kl: 0.02 + 0.98 * random.uniform(),
  };
}

const anySetting = fc.integer({ min: 0, max: 1e6 }).map((seed) => settingOf(createRandom(`setting ${seed}`)));

/**
 * Distances of the sampled gains from the closed ones, in standard errors: three judges and a difference. Two judges that
 * read one dimension alike differ by nothing, in both.
 */
function distances(setting: LinearSetting, random: Random, count = 2000): number[] {
  const { gain, overHabits } = closedForm(setting);
  const sampled = sampledOutcome(setting, sampleResponses(count, random));
  const pairs = [
    ...JUDGES.map((judge) => [gain[judge], sampled.gain[judge]] as const),
    [overHabits, sampled.overHabits] as const,
  ];
  return pairs.map(([closed, { value, high }]) =>
    high - value < 1e-9 && Math.abs(value - closed) < 1e-9 ? 0 : (value - closed) / ((high - value) / 1.96),
  );
}

describe('closed form and sampled responses', () => {
  test('are equal within the sample’s own error, whatever the setting', () => {
    fc.assert(
      fc.property(anySetting, fc.integer({ min: 0, max: 1e6 }), (setting, seed) => {
        // a tilt's weights have a long tail: an error far out is only normal with many responses
        for (const z of distances(setting, createRandom(seed), 20_000)) expect(Math.abs(z)).toBeLessThan(5);
      }),
      { numRuns: 60 },
    );
  });

  test('and that error is honest: about 95% of the intervals hold the closed form, and none leans to a side', () => {
    const random = createRandom('coverage');
    const all = Array.from({ length: 400 }, () =>
      distances({ ...settingOf(random), rank: 2 + random.integer(DIMENSIONS - 1) }, random),
    );
    for (const which of [0, 1, 2, 3]) {
      const z = all.map((one) => one[which]);
      const held = z.filter((one) => Math.abs(one) < 1.96).length / z.length;
      expect(held, `${which}`).toBeGreaterThan(0.91);
      expect(held, `${which}`).toBeLessThan(0.985);
      expect(Math.abs(z.reduce((sum, one) => sum + one, 0) / z.length), `${which}`).toBeLessThan(0.2);
    }
  });

  test('are the general tilt and the general linear gain, on the same responses', () => {
    const setting = { ...settingOf(createRandom(1)), rank: 3, kl: 0.4 };
    const responses = sampleResponses(20_000, createRandom(2));
    const situations = new Int32Array(20_000);
    const worth = scoresOf(responses, truthOf(setting));
    const sampled = sampledOutcome(setting, responses);
    for (const judge of JUDGES) {
      const direction = directionOf(setting, judge);
      const judgements = { situations, scores: scoresOf(responses, direction), worth };
      const t = Math.sqrt(2 * setting.kl) / Math.hypot(...direction);
      expect(sampled.gain[judge].value).toBeCloseTo(tilt(judgements, t).gain, 9);
      expect(tilt(judgements, t).kl).toBeCloseTo(setting.kl, 1);
      expect(tiltAtKl(judgements, setting.kl)!.gain).toBeCloseTo(closedForm(setting).gain[judge], 1);
      expect(linearGain(judgements, setting.kl)).toBeCloseTo(closedForm(setting).gain[judge], 1);
    }
  });

  test('at no KL gain nothing, and a judge that sees nothing changes nothing', () => {
    const setting = settingOf(createRandom(3));
    const responses = sampleResponses(500, createRandom(4));
    expect(closedForm({ ...setting, kl: 0 }).gain.constitution).toBeCloseTo(0, 12);
    expect(sampledOutcome({ ...setting, kl: 0 }, responses).gain.constitution.value).toBeCloseTo(0, 12);
    const blind = { ...setting, constitution: { x: 0, y: 1 }, rank: 1 };
    expect(closedForm(blind).gain.constitution).toBeCloseTo(0, 12);
    expect([...new Set(tilted(responses, directionOf(blind, 'constitution'), 1))]).toHaveLength(1);
  });
});

describe('the sentences of the theory', () => {
  test('training helps over the untrained model just when a_c > 0, and over habits just when a_c > a_gen', () => {
    fc.assert(
      fc.property(anySetting, (setting) => {
        const { agreement, gain, overHabits } = closedForm(setting);
        expect(Math.sign(gain.constitution)).toBe(Math.sign(agreement.constitution));
        const ahead = agreement.constitution - agreement.habits;
        // what reads one dimension alike is equal but for rounding, on either side of nothing
        if (Math.abs(ahead) < 1e-12) expect(overHabits).toBeCloseTo(0, 9);
        else expect(Math.sign(overHabits)).toBe(Math.sign(ahead));
      }),
    );
  });

  test('no judge that reads the representation passes the ceiling, and an adversary falls no lower than minus that', () => {
    const random = createRandom('ceiling');
    for (let i = 0; i < 300; i++) {
      const setting = settingOf(random);
      const { gain, deviation } = closedForm(setting);
      const judge = Array.from({ length: DIMENSIONS }, (_, k) => (k < setting.rank ? random.normal() : 0));
      const truth = truthOf(setting);
      const agreement =
        judge.reduce((sum, one, k) => sum + one * truth[k], 0) / (Math.hypot(...judge) * deviation);
      const own = Math.sqrt(2 * setting.kl) * deviation * agreement;
      for (const one of [own, gain.constitution, gain.habits])
        expect(Math.abs(one)).toBeLessThanOrEqual(gain.best + 1e-12);
    }
  });

  test('the ceiling is what the representation holds: it rises with the rank, up to all of true value', () => {
    fc.assert(
      fc.property(anySetting, (setting) => {
        const all = Array.from({ length: DIMENSIONS }, (_, k) => closedForm({ ...setting, rank: k + 1 }));
        all.slice(1).forEach(({ gain }, k) => expect(gain.best).toBeGreaterThan(all[k].gain.best));
        expect(all.at(-1).held).toBeCloseTo(1, 12);
        for (const { gain, held, deviation } of all)
          expect(gain.best).toBeCloseTo(Math.sqrt(2 * setting.kl * held) * deviation, 9);
      }),
    );
  });

  test('the opposite constitution loses what a constitution gains; lengths of habits and constitution do not count', () => {
    fc.assert(
      fc.property(anySetting, fc.double({ min: 0.1, max: 9, noNaN: true }), (setting, length) => {
        const { gain } = closedForm(setting);
        const scaled = (by: number) => ({
          ...setting,
          constitution: { x: by * setting.constitution.x, y: by * setting.constitution.y },
        });
        expect(closedForm(scaled(-1)).gain.constitution).toBeCloseTo(-gain.constitution, 12);
        expect(closedForm(scaled(length)).gain.constitution).toBeCloseTo(gain.constitution, 9);
      }),
    );
  });
});
