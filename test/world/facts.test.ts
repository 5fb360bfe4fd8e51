/** Facts about the corpus that the experiments rest on, each within its sampling error. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { batchAt } from '../../src/world/batches.ts';
import { documentAt, type Request, type Story } from '../../src/world/documents.ts';
import { GROUPS } from '../../src/world/groups.ts';
import { KINDS } from '../../src/world/kinds.ts';
import { DEFAULT_WORLD, worldWith, type WorldKnobs } from '../../src/world/knobs.ts';
import { GENERAL_FRAMES } from '../../src/world/lexicon.ts';
import { parseComment, parsePrompt, parseResponse } from '../../src/world/parser.ts';
import { VOCABULARY, decode } from '../../src/world/tokenizer.ts';
import { MORAL_VALUES, VALUE_NAMES, trueValue } from '../../src/world/values.ts';

const N = 30_000;

function corpus(knobs: WorldKnobs, count: number): { stories: Story[]; requests: Request[] } {
  const documents = Array.from({ length: count }, (_, index) => documentAt('facts', index, knobs));
  return {
    stories: documents.filter((document) => document.kind === 'story'),
    requests: documents.filter((document) => document.kind === 'request'),
  };
}

const mean = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
const covariance = (xs: readonly number[], ys: readonly number[]) => {
  const [mx, my] = [mean(xs), mean(ys)];
  return mean(xs.map((x, i) => (x - mx) * ((ys[i] ?? 0) - my)));
};
const sd = (xs: readonly number[]) => Math.sqrt(covariance(xs, xs));
const correlation = (xs: readonly number[], ys: readonly number[]) => covariance(xs, ys) / (sd(xs) * sd(ys));

/** Expects a share within four binomial standard errors of p. */
function expectShare(hits: readonly boolean[], p: number): void {
  const error = Math.sqrt((p * (1 - p)) / hits.length);
  expect(Math.abs(mean(hits.map(Number)) - p)).toBeLessThan(4 * error);
}

const { stories, requests } = corpus(DEFAULT_WORLD, N);
const clauses = stories.flatMap((story) => parseResponse(story.prompt, story.response).clauses);
const valued = clauses.filter((clause) => clause.value !== null);

describe('deeds', () => {
  test('good, negated and neutral ones in the shares of the knobs', () => {
    expectShare(
      valued.map((clause) => clause.strength > 0),
      DEFAULT_WORLD.prosocial,
    );
    expectShare(
      valued.map((clause) => clause.never),
      DEFAULT_WORLD.never,
    );
    expectShare(
      clauses.map((clause) => clause.value === null),
      DEFAULT_WORLD.neutral,
    );
    expectShare(
      clauses.filter((clause) => !clause.never).map((clause) => clause.adverb !== null),
      DEFAULT_WORLD.adverbs,
    );
    for (const value of MORAL_VALUES) {
      const share = mean(valued.map((clause) => Number(clause.value === value)));
      expect(Math.abs(share - 0.2)).toBeLessThan(0.01);
    }
  });

  test('answer their situation in 60 to 70% of the responses', () => {
    const answers = mean(
      stories.map(({ prompt, response }) =>
        Number(parseResponse(prompt, response).clauses.some((clause) => clause.own)),
      ),
    );
    expect(answers).toBeGreaterThan(0.6);
    expect(answers).toBeLessThan(0.7);
  });

  test('V* has a spread of about 1.9, style leans with it, and length does not', () => {
    const worth = stories.map((story) => trueValue(story.values));
    expect(Math.abs(sd(worth) - 1.9)).toBeLessThan(0.1);
    const style = correlation(
      worth,
      stories.map((story) => story.values.politeness),
    );
    expect(Math.abs(style - 0.2)).toBeLessThan(0.05);
    const length = correlation(
      worth,
      stories.map((story) => story.response.split(' ').length),
    );
    expect(Math.abs(length)).toBeLessThan(0.05);
  });

  test('within every kind of situation the values are uncorrelated and all five occur both ways', () => {
    for (const kind of KINDS) {
      const here = stories.filter((story) => parsePrompt(story.prompt)?.kind === kind);
      for (const [i, a] of MORAL_VALUES.entries()) {
        const values = here.map((story) => story.values[a]);
        expect(Math.min(...values), `${kind.name} ${a}`).toBeLessThan(0);
        expect(Math.max(...values), `${kind.name} ${a}`).toBeGreaterThan(0);
        for (const b of MORAL_VALUES.slice(i + 1)) {
          const r = correlation(
            values,
            here.map((story) => story.values[b]),
          );
          // 0.05 and the sampling error of a tenth of the corpus
          expect(Math.abs(r), `${kind.name} ${a} ${b}`).toBeLessThan(0.05 + 2 / Math.sqrt(here.length));
        }
      }
    }
    for (const [i, a] of MORAL_VALUES.entries()) {
      for (const b of MORAL_VALUES.slice(i + 1)) {
        const r = correlation(
          stories.map((story) => story.values[a]),
          stories.map((story) => story.values[b]),
        );
        expect(Math.abs(r), `${a} ${b}`).toBeLessThan(0.03);
      }
    }
  });
});

describe('tables', () => {
  test('each pair of values has one kind, with a good and a bad deed for both and one of none', () => {
    const pairs = KINDS.map(({ name, frames }) => {
      const values = [...new Set(frames.flatMap((frame) => frame.value ?? []))].sort();
      expect(values.length, name).toBe(2);
      for (const value of values) {
        const strengths = frames.filter((frame) => frame.value === value).map((frame) => frame.strength);
        expect(strengths.length, name).toBe(2);
        expect(mean(strengths), name).toBe(0);
      }
      expect(frames.filter((frame) => frame.value === null).length, name).toBe(1);
      return values.join(' ');
    });
    expect(new Set(pairs).size).toBe(10);
  });

  test('no deed and no principle contains "and"; no deed stands in two tables', () => {
    const frames = [...GENERAL_FRAMES, ...KINDS.flatMap((kind) => kind.frames)].map((f) => f.words.join(' '));
    expect(new Set(frames).size).toBe(frames.length);
    expect(frames.filter((words) => words.split(' ').includes('and'))).toEqual([]);
    for (const frame of KINDS.filter((kind) => kind.objects.length === 0).flatMap((kind) => kind.frames)) {
      expect(frame.words).not.toContain('it');
    }
  });

  test('every word of the vocabulary but the padding is in use, and the vocabulary is small', () => {
    const used = new Set(stories.flatMap((story) => story.text.split(' ')));
    for (const request of requests) for (const word of request.text.split(' ')) used.add(word);
    expect(VOCABULARY.filter((word) => !used.has(word))).toEqual(['<pad>']);
    expect(VOCABULARY.length).toBeLessThanOrEqual(330);
  });
});

describe('comments and requests', () => {
  const read = stories.flatMap((story) => story.comments.map(parseComment));

  test('"no" and "never" stand before what is good and before what is bad', () => {
    for (const word of ['no ', 'never ']) {
      const phrases = read
        .flatMap((comment) => comment?.principles ?? [])
        .filter((p) => p.phrase.startsWith(word));
      const anti = mean(phrases.map((p) => Number(p.anti)));
      expect(anti).toBeGreaterThan(0.05);
      expect(anti).toBeLessThan(0.95);
    }
  });

  test('held-out phrases occur, never joined; up to five are joined', () => {
    const counts = read.map((comment) => comment?.principles.length ?? 0);
    expect(Math.max(...counts)).toBe(5);
    const held = read.filter((comment) => comment?.principles.some((p) => p.heldOut));
    expect(held.length).toBeGreaterThan(1000);
    expect(held.every((comment) => comment?.principles.length === 1)).toBe(true);
  });

  test('requests are refused as the knobs say', () => {
    expectShare(
      Array.from({ length: N }, (_, i) => i < requests.length),
      DEFAULT_WORLD.requests,
    );
    for (const harmful of [true, false]) {
      expectShare(
        requests.filter((request) => request.harmful === harmful).map((request) => request.refused),
        harmful ? DEFAULT_WORLD.refuseHarmful : DEFAULT_WORLD.refuseHarmless,
      );
    }
  });
});

describe('special worlds', () => {
  test('the unnamed value is never part of a principle, and still a character word', () => {
    const { stories: told } = corpus(worldWith({ unnamedValue: 4 }), 5000);
    const comments = told.flatMap((story) => story.comments.map(parseComment));
    expect(comments.some((c) => c?.principles.some((p) => p.values.loyalty !== undefined))).toBe(false);
    expect(comments.some((c) => c?.adjective === 'loyal')).toBe(true);
  });

  /** How verdicts without a principle go with each value. */
  function agreement(knobs: WorldKnobs): number[] {
    const judged = corpus(knobs, 20_000).stories.flatMap(({ values, comments }) =>
      ['good', 'bad']
        .filter((verdict) => comments.includes(`that is ${verdict} .`))
        .map((verdict) => ({ values, good: Number(verdict === 'good') })),
    );
    return VALUE_NAMES.map((name) =>
      correlation(
        judged.map(({ values }) => values[name]),
        judged.map(({ good }) => good),
      ),
    );
  }

  test('without a principle, verdicts follow the values looked at, and turn with the inverted share', () => {
    const [honesty, care, fairness] = agreement(worldWith({ looksAt: 2 }));
    expect(honesty).toBeGreaterThan(0.4);
    expect(care).toBeGreaterThan(0.4);
    expect(Math.abs(fairness ?? 1)).toBeLessThan(0.08);
    expect(agreement(worldWith({ inverted: 1, antisocial: 0 }))[0]).toBeLessThan(-0.2);
  });

  test('a second group judges without a principle by weights of its own, and changes nothing else', () => {
    const [first, second] = GROUPS.map(({ weights }) =>
      VALUE_NAMES.reduce((sum, name) => sum + Math.abs(weights[name]), 0),
    );
    expect(second).toBe(first);
    const theirs = agreement(worldWith({ secondGroup: 1, antisocial: 0 }));
    VALUE_NAMES.forEach((name, i) => {
      const weight = GROUPS[1].weights[name];
      if (weight === 0) expect(Math.abs(theirs[i]), name).toBeLessThan(0.08);
      else expect(Math.sign(weight) * theirs[i], name).toBeGreaterThan(0.15);
    });
    expect(theirs[VALUE_NAMES.indexOf('loyalty')]).toBeGreaterThan(Math.max(...theirs.slice(0, 4)));

    let changed = 0;
    const owned = /^that is \w+ \.$/;
    for (let index = 0; index < 2000; index++) {
      const [one, other] = [0, 0.5].map((secondGroup) => documentAt(3, index, worldWith({ secondGroup })));
      expect(other.response).toBe(one.response);
      if (one.kind === 'request' || other.kind === 'request' || one.text === other.text) continue;
      changed += 1;
      expect(one.comments.some((comment) => owned.test(comment))).toBe(true);
      // Threads agree up to the verdict without a principle.
      const before = ({ comments }: Story) =>
        comments.slice(
          0,
          comments.findIndex((comment) => owned.test(comment)),
        );
      expect(before(other)).toEqual(before(one));
    }
    expect(changed).toBeGreaterThan(20);
  });

  test('leave the default world as the shipped model read it', () => {
    // SHA-256 of a thousand documents: whoever changes it must train the models anew.
    const hash = createHash('sha256');
    for (let index = 0; index < 1000; index++) hash.update(`${documentAt(2, index).text}\n`);
    expect(hash.digest('hex')).toBe('a7de428f5f44bc7e68ce63bb62125a3c1d5f2bcd5d650581aa66f104c145c1b2');
  });

  test('a knob out of its range is named', () => {
    expect(() => worldWith({ prosocial: 1.5 })).toThrow(/prosocial/);
    expect(() => worldWith({ looksAt: 2.5 })).toThrow(/looksAt/);
    expect(() => worldWith({ fine: Number.NaN })).toThrow(/fine/);
    expect(() => worldWith({ nothing: 1 } as Partial<WorldKnobs>)).toThrow(/nothing/);
  });
});

describe('batches', () => {
  const options = { batch: 7, length: 54 };
  const { tokens, weights, gists, B, T } = batchAt(5, 21, options);

  test('hold documents first + b, padded', () => {
    for (let b = 0; b < B; b++) {
      const row = decode(tokens.subarray(b * T, (b + 1) * T)).replace(/( <pad>)+$/, '');
      const document = documentAt(5, 21 + b);
      expect(row).toBe(document.text);
      const gist = document.text.split(' ').indexOf('<gist>');
      expect(gists[b]).toBe(gist === -1 ? T : gist);
    }
  });

  test('weigh the prediction of the next token: deeds and judgements double, what cannot be foreseen less', () => {
    for (let b = 0; b < B; b++) {
      const document = documentAt(5, 21 + b);
      const words = document.text.split(' ');
      const prompt = document.prompt.split(' ').length;
      for (let t = 0; t < T; t++) {
        const next = words[t + 1];
        const judges = words[t] === 'is' || (words[t] === 'that' && next !== 'is' && words[t - 1] === 'call');
        const comments = words.includes('<gist>') && t >= words.indexOf('<gist>');
        const want = next === undefined ? 0 : t + 1 <= prompt ? 0.1 : !comments || judges ? 2 : 0.2;
        expect(weights[b * T + t]).toBeCloseTo(want, 6);
      }
    }
  });

  test('weigh responses by as much as is asked for, and nothing else by it', () => {
    const other = batchAt(5, 21, { ...options, responseWeight: 0.5 });
    const changed = [...other.weights.keys()].filter((i) => other.weights[i] !== weights[i]);
    for (const i of changed) expect([other.weights[i], weights[i]]).toEqual([0.5, 2]);
    for (let b = 0; b < B; b++) {
      const { prompt, response } = documentAt(5, 21 + b);

      const words = response.split(' ').length + 1; // with the <gist> or <eos> that ends it
      const first = b * T + prompt.split(' ').length;
      expect(changed.filter((i) => i >= b * T && i < (b + 1) * T)).toEqual(
        Array.from({ length: words }, (_, t) => first + t),
      );
    }
  });

  test('are cut where they are shorter than the documents', () => {
    const short = batchAt(5, 21, { batch: 7, length: 11 });
    expect(short.tokens.length).toBe(77);
    expect([...short.weights].filter((_, i) => i % 11 === 10)).toEqual(Array(7).fill(0));
    expect(short.gists.every((gist) => gist === 11)).toBe(true);
  });
});
