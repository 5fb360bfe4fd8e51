/** Gists and verdicts on a small model of random weights: shortcuts must equal the long way round. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/math/random.ts';
import { gistSize } from '../../src/model/config.ts';
import { disposeModel, type Model } from '../../src/model/parameters.ts';
import { logits, logProbs, type Spoken } from '../../src/model/score.ts';
import { promptedScores, readConstitution } from '../../src/values/constitution.ts';
import { readGists, selectGists, withData, type Gists } from '../../src/values/gists.ts';
import { inAll, respond, responseOf, sampleResponses } from '../../src/values/respond.ts';
import { sampleGists, selectSituations } from '../../src/values/sampled.ts';
import { NO_PRINCIPLE, questionOf, verdicts } from '../../src/values/verdicts.ts';
import { documentAt, situationAt } from '../../src/world/documents.ts';
import { BOS, encode, GIST } from '../../src/world/tokenizer.ts';
import { withoutLeak } from './leak.ts';
import { smallModel } from './small.ts';

let model: Model;
beforeAll(async () => {
  model = await smallModel();
});
afterAll(() => disposeModel(model));

const GOOD = encode('good')[0];
const BAD = encode('bad')[0];

/** Stories of the world: prompts and responses of different lengths. */
function stories(count: number): Spoken[] {
  const found: Spoken[] = [];
  for (let i = 0; found.length < count; i++) {
    const document = documentAt(3, i);
    if (document.kind !== 'story') continue;
    found.push({ prompt: [BOS, ...encode(document.prompt)], response: encode(document.response) });
  }
  return found;
}

describe('verdicts', () => {
  test('on stored gists equal those of the whole text read at once', async () => {
    const spoken = stories(7);
    const { gists } = await withoutLeak(() => readGists(model, spoken));
    for (const question of [
      NO_PRINCIPLE,
      questionOf(['honesty']),
      questionOf(['mercy', 'the plain truth', 'power']),
    ]) {
      const scores = await withoutLeak(() => verdicts(model, gists, question));
      for (const [i, { prompt, response }] of spoken.entries()) {
        const whole = await logits(model, [...prompt, ...response, GIST, ...encode(question)]);
        const last = whole.at(-1);
        expect(scores[i]).toBeCloseTo(last[GOOD] - last[BAD], 4);
      }
      expect(Math.max(...scores) - Math.min(...scores)).toBeGreaterThan(1e-3); // they do differ
    }
  });

  test('read nothing of a response but its gist', async () => {
    const { gists } = await readGists(model, stories(4));
    const swapped = withData(gists, selectGists(gists, [1, 0, 3, 2]).data);
    const at9 = { ...gists, positions: new Int32Array(4).fill(9) };
    const plain = await verdicts(model, at9, 'by care , that is');
    const other = await verdicts(model, { ...at9, data: swapped.data }, 'by care , that is');
    [1, 0, 3, 2].forEach((j, i) => expect(other[i]).toBeCloseTo(plain[j], 5));
  });

  test('in chunks equal those one by one', async () => {
    const one = await readGists(model, stories(3));
    const many: Gists = selectGists(
      one.gists,
      Array.from({ length: 1030 }, (_, i) => i % 3),
    );
    const scores = await withoutLeak(() => verdicts(model, many, NO_PRINCIPLE));
    const few = await verdicts(model, one.gists, NO_PRINCIPLE);
    scores.forEach((s, i) => expect(s).toBeCloseTo(few[i % 3], 5));
  });

  test('of no gists are none, and a question that does not fit is refused', async () => {
    const { gists } = await readGists(model, stories(2));
    expect(await verdicts(model, selectGists(gists, []), NO_PRINCIPLE)).toEqual(new Float32Array(0));
    const long = new Array<string>(60).fill('honesty').join(' and ');
    await expect(verdicts(model, gists, `by ${long} , that is`)).rejects.toThrow(RangeError);
  });

  test('of a hundred thousand positions find the longest without a stack overflow', async () => {
    const { gists } = await readGists(model, stories(1));
    const positions = new Int32Array(300_000).fill(60);
    const huge = { ...gists, positions, count: 300_000 };
    await expect(verdicts(model, huge, 'by honesty , that is')).rejects.toThrow(/too long/);
  });
});

describe('prompted scores', () => {
  test('of one text are its verdicts; weighted, the sum of single ones; of many, their mean', async () => {
    const { gists } = await readGists(model, stories(5));
    const single = async (phrase: string) => verdicts(model, gists, questionOf([phrase]));
    const [honesty, mercy] = [await single('honesty'), await single('mercy')];
    const joined = await promptedScores(model, gists, readConstitution('honesty and mercy'));
    expect(joined).toEqual(await verdicts(model, gists, 'by honesty and mercy , that is'));
    const weighted = await promptedScores(model, gists, readConstitution('honesty, mercy', [0.5, -2]));
    weighted.forEach((s, i) => expect(s).toBeCloseTo(0.5 * honesty[i] - 2 * mercy[i], 5));
    const six = ['honesty', 'care', 'fairness', 'freedom', 'loyalty', 'mercy'];
    const mean = await promptedScores(model, gists, readConstitution(six.join(', ')));
    const each = await Promise.all(six.map(single));
    mean.forEach((s, i) => expect(s).toBeCloseTo(each.reduce((sum, x) => sum + x[i], 0) / 6, 5));
  });
});

describe('gists', () => {
  test('come with the log probability of the response, the same as scoring alone gives', async () => {
    const spoken = stories(6);
    const read = await readGists(model, spoken);
    expect(read.gists.size).toBe(gistSize(model.config));
    expect(read.gists.count).toBe(6);
    spoken.forEach(({ prompt, response }, i) =>
      expect(read.gists.positions[i]).toBe(prompt.length + response.length),
    );
    const scored = await withoutLeak(() => logProbs(model, spoken));
    for (const [i, { prompt, response }] of spoken.entries()) {
      expect(read.logProbs[i]).toBeCloseTo(scored[i], 3);
      // By hand, from the logits of every position.
      const rows = await logits(model, [...prompt, ...response]);
      let total = 0;
      response.forEach((id, t) => {
        const row = rows[prompt.length - 1 + t];
        const most = Math.max(...row);
        total += row[id] - most - Math.log(row.reduce((sum, x) => sum + Math.exp(x - most), 0));
      });
      expect(read.logProbs[i]).toBeCloseTo(total, 3);
    }
  });

  test('are read where the text ends, also when a policy happened to say "<gist>"', async () => {
    const [{ prompt, response }] = stories(1);
    const said = { prompt, response: [...response.slice(0, 3), GIST, ...response.slice(3)] };
    const { gists, logProbs: read } = await readGists(model, [said]);
    expect(gists.positions[0]).toBe(prompt.length + said.response.length);
    expect((await logProbs(model, [said]))[0]).toBeCloseTo(read[0], 3);
    // Sampled, it hid nothing of what came before: another prompt makes what comes after it more or less likely.
    const after = async (first: readonly number[]) => {
      const scores = await logProbs(model, [
        { prompt: first, response: said.response },
        { prompt: first, response: said.response.slice(0, 4) },
      ]);
      return scores[0] - scores[1];
    };
    const other = [BOS, ...encode(situationAt(77, 1))];
    expect(Math.abs((await after(prompt)) - (await after(other)))).toBeGreaterThan(1e-3);
  });

  test('do not depend on what else is in the batch', async () => {
    const spoken = stories(8);
    const together = await readGists(model, spoken);
    const alone = await readGists(model, [spoken[5]]);
    alone.gists.data.forEach((x, j) =>
      expect(x).toBeCloseTo(together.gists.data[5 * together.gists.size + j], 5),
    );
  });

  test('selected by index keep their rows and positions', async () => {
    const { gists } = await readGists(model, stories(4));
    const some = selectGists(gists, [3, 1]);
    expect([some.count, some.size]).toEqual([2, gists.size]);
    expect([...some.positions]).toEqual([gists.positions[3], gists.positions[1]]);
    expect(some.data.subarray(0, gists.size)).toEqual(gists.data.subarray(3 * gists.size, 4 * gists.size));
  });
});

describe('responses', () => {
  test('have the parser’s ground truth; an ill-formed one is worth nothing', () => {
    for (let i = 0; i < 200; i++) {
      const document = documentAt(5, i);
      if (document.kind !== 'story') continue;
      const r = responseOf(document.prompt, [BOS, ...encode(document.prompt)], encode(document.response));
      expect(r.wellFormed).toBe(true);
      expect(r.values).toEqual(document.values);
      const { politeness: _, ...moral } = document.values;
      expect(r.trueValue).toBeCloseTo(
        Object.values(moral).reduce((a, b) => a + b, 0),
        12,
      );
    }
    const broken = responseOf(situationAt(1, 0), [BOS], encode('honesty is is .'));
    expect(broken.wellFormed).toBe(false);
    expect(broken.trueValue).toBe(0);
    expect(Object.values(broken.values).every((v) => v === 0)).toBe(true);
  });

  test('are the same for the same stream, another for another, and end at a "." or at the longest', async () => {
    const prompts = Array.from({ length: 12 }, (_, i) => situationAt(9, i));
    const say = (seed: number) => withoutLeak(() => respond(model, prompts, createRandom(seed)));
    const once = await say(1);
    expect(await say(1)).toEqual(once);
    expect((await say(2)).map((r) => r.responseText)).not.toEqual(once.map((r) => r.responseText));
    for (const r of once) {
      expect(r.prompt[0]).toBe(BOS);
      expect(r.response.length).toBeGreaterThan(0);
      expect(r.response.length).toBeLessThanOrEqual(26);
      if (r.response.length < 26) expect(r.responseText.endsWith('.')).toBe(true);
      expect(r.responseText.slice(0, -1)).not.toContain(' . ');
    }
  });

  test('to many prompts tell their progress, and stop when it throws, leaving no tensor', async () => {
    const prompts = Array.from({ length: 1300 }, (_, i) => situationAt(9, i % 7));
    const told: number[] = [];
    await withoutLeak(async () => {
      const run = respond(model, prompts, createRandom(1), (done) => {
        told.push(done);
        if (told.length === 2) throw new Error('enough');
      });
      await expect(run).rejects.toThrow('enough');
    });
    expect(told[0]).toBeCloseTo(640 / 1300, 6);
  });

  test('several to each situation stand together', async () => {
    const sample = await sampleResponses(model, [situationAt(1, 0), situationAt(1, 1)], 3, createRandom(0));
    expect([...sample.situations]).toEqual([0, 0, 0, 1, 1, 1]);
    expect(sample.responses.map((r) => r.promptText)).toEqual(
      [0, 0, 0, 1, 1, 1].map((i) => situationAt(1, i)),
    );
  });
});

test('n responses in all are spread over situations of at least so many', () => {
  for (const n of [1, 5, 16, 31, 64, 100, 2000, 2001]) {
    const { count, each } = inAll(n, 16);
    const sizes = Array.from({ length: count }, (_, x) => (typeof each === 'number' ? each : each(x)));
    expect(sizes.reduce((a, b) => a + b, 0)).toBe(n);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    if (n >= 16) expect(Math.min(...sizes)).toBeGreaterThanOrEqual(16);
  }
});

describe('samples', () => {
  const options = { name: 'test', seed: 4, count: 6, each: 5 };

  test('follow from their name and seed alone', async () => {
    const [once, again] = [
      await withoutLeak(() => sampleGists(model, options)),
      await sampleGists(model, options),
    ];
    expect(again).toEqual(once);
    const other = await sampleGists(model, { ...options, name: 'other' });
    expect(other.responses[0].promptText).not.toBe(once.responses[0].promptText);
  });

  test('are split by situation, renumbered from 0', async () => {
    const sample = await sampleGists(model, options);
    const odd = selectSituations(sample, (x) => x % 2 === 1);
    expect(odd.responses).toEqual(sample.responses.filter((_, i) => sample.situations[i] % 2 === 1));
    expect([...odd.situations]).toEqual([0, 1, 2].flatMap((x) => new Array<number>(5).fill(x)));
    expect(odd.gists.data.subarray(0, odd.gists.size)).toEqual(
      sample.gists.data.subarray(5 * odd.gists.size, 6 * odd.gists.size),
    );
    expect(odd.logProbs[0]).toBe(sample.logProbs[5]);
  });
});
