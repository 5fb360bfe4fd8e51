/** A model seen through its own verdicts: views, what they keep, and that a direction is fitted once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dotPoints } from '../../src/math/linear.ts';
import { correlationWithin } from '../../src/math/statistics.ts';
import { createRandom } from '../../src/math/random.ts';
import { disposeModel, type Model } from '../../src/model/parameters.ts';
import { NO_CONSTITUTION, promptedScores, readConstitution } from '../../src/values/constitution.ts';
import { Lens } from '../../src/values/lens.ts';
import { sampleGists } from '../../src/values/sampled.ts';
import { NO_PRINCIPLE, verdicts } from '../../src/values/verdicts.ts';
import { withoutLeak } from './leak.ts';
import { smallModel } from './small.ts';

let model: Model;
beforeAll(async () => {
  model = await smallModel();
});
afterAll(() => disposeModel(model));

describe('a lens', () => {
  test('sees what its verdicts vary with: keeping all is the judge itself, and views have their rank', async () => {
    const sample = await sampleGists(model, { name: 'lens', seed: 1, count: 20, each: 16 });
    await withoutLeak(async () => {
      const lens = new Lens(model, sample.gists, sample.situations);
      const one = await lens.view(readConstitution('honesty'));
      expect(one.subspace.rank).toBe(1);
      expect(one.linear).toEqual(await lens.direction('honesty'));
      const two = await lens.view(readConstitution('honesty, mercy', [0.5, -1]));
      const [a, b] = two.directions;
      two.linear.forEach((x, j) => expect(x).toBeCloseTo(0.5 * a[j] - b[j], 8));
      const doubled = await lens.view(readConstitution('honesty', [-2]));
      doubled.linear.forEach((x, j) => expect(x).toBeCloseTo(-2 * one.linear[j], 8));

      const random = lens.random(sample.gists.size, createRandom(1)); // every dimension: nothing is dropped
      const whole = lens.keep(sample.gists, random);
      const nothing = await verdicts(model, sample.gists, NO_PRINCIPLE);
      const kept = await verdicts(model, whole, NO_PRINCIPLE);
      kept.forEach((s, i) => expect(s).toBeCloseTo(nothing[i], 3));
      const none = await lens.view(NO_CONSTITUTION);
      expect(none.subspace.rank).toBe(1);
      const linear = lens.linearScores(sample.gists, none);
      expect(correlationWithin(linear, nothing, sample.situations)).toBeGreaterThan(0.5);
      expect(Array.from(await promptedScores(model, sample.gists, NO_CONSTITUTION))).toEqual(
        Array.from(nothing),
      );
    });
  });

  test('keeps what the linear judge goes by, also of principles that oppose each other', async () => {
    const sample = await sampleGists(model, { name: 'lens', seed: 3, count: 20, each: 16 });
    const lens = new Lens(model, sample.gists, sample.situations);
    for (const text of ['honesty', 'honesty, mercy', 'honesty, no honesty', 'mercy, no mercy, candor']) {
      const { linear, subspace } = await lens.view(readConstitution(text));
      const whole = dotPoints(sample.gists, linear, lens.space.mean);
      const kept = dotPoints(lens.keep(sample.gists, subspace), linear, lens.space.mean);
      const error = Math.hypot(...kept.map((x, i) => x - whole[i])) / Math.hypot(...whole);
      expect(error, text).toBeLessThan(0.25); // of near-equal directions one is kept, not each
    }
  });

  test('does not keep a failure', async () => {
    const sample = await sampleGists(model, { name: 'lens', seed: 4, count: 8, each: 4 });
    const { positions } = sample.gists;
    let lost = true;
    const gists = Object.defineProperty({ ...sample.gists }, 'positions', {
      get() {
        if (lost) throw new Error('the device is lost');
        return positions;
      },
    });
    const lens = new Lens(model, gists, sample.situations);
    await expect(lens.direction('honesty')).rejects.toThrow('lost');
    lost = false;
    expect((await lens.direction('honesty')).length).toBe(sample.gists.size);
  });

  test('fits a direction once, whoever asks', async () => {
    const sample = await sampleGists(model, { name: 'lens', seed: 2, count: 8, each: 4 });
    const lens = new Lens(model, sample.gists, sample.situations);
    const [a, b] = await Promise.all([lens.direction('honesty'), lens.direction('honesty')]);
    expect(a).toBe(b);
  });
});
