/**
 * Every figure that stands alone, with made-up props. To add one is to add a row here: figures.test.ts then looks at it
 * in both themes, on a phone, on paper, twice on a page and in a frame.
 */
import type { Component } from 'svelte';
import { ATTEMPTS } from '../../../src/figures/sandbox/claims.ts';
import { askedBy } from '../../../src/figures/correlations/asked.ts';
import type { Training } from '../../../src/figures/training/layout.ts';
import { MOST, START } from '../../../src/figures/sandbox/layout.ts';
import { NO_RUN } from '../../../src/figures/curve/layout.ts';
import { OPENING } from '../../../src/worker/opening.ts';
import { madeUp } from './study.ts';

interface Row {
  load: () => Promise<{ default: Component<never> }>;
  /** Props by the name of what they show; all of it has to be legible. */
  sets: Record<string, object>;
  /** Events, each with the prop that becomes what it brings; the others are only heard. */
  events: Record<string, string | null>;
}

const link = 'https://example.org/#sandbox';
const sandbox = (settings: object) => ({ settings: { ...START, ...settings }, link });

const good = await madeUp('honesty', 'mercy');
const bad = await madeUp('deceit');

const { responses } = good.cloud;
const [a, b] = [responses[2], responses[5]];
const weigh = (one: typeof a, score: number) => ({ ...one, text: one.response, score });
const pair = { prompt: a.prompt, a: weigh(a, 1.9), b: weigh(b, -0.4) };
const samplesAt = (step: number) => {
  const { samples, row } = good.reports[step];
  return { samples, wellFormed: row.wellFormed };
};

const caption = () => ({ source: 'made up', link: 'https://example.org/' });

const run = { ...NO_RUN, reports: good.reports, principles: good.phrases };
const trust = {
  mixed: { runs: 12, r: '.90', slope: '.80' },
  kind: { runs: 8, share: '.50' },
};
const curve = (props: object) => ({
  ...{ run: NO_RUN, prediction: good.prediction, klBudget: OPENING.kl, trust, caption },
  ...props,
});

const [none, still] = [0, responses.length].map((length) => new Float32Array(length));
const moving = (list: Float32Array) => ({ now: list, rest: list });
const measured = good.reports.findLast(({ logProbs }) => logProbs !== null)!.logProbs!;
const change = measured.map((now, i) => now - responses[i].logProb);
const cloud = (props: object) => ({
  ...{ responses, situations: good.cloud.situations, names: good.names, caption },
  ...{ scores: moving(good.judged.scores), judged: true, silent: false, change: moving(still) },
  ...{ generation: good.cloud.generation, judgement: good.judged.judgement },
  ...{ read: null, lettered: { A: null, B: null } },
  ...props,
});

const question = { keep: 'plane', ask: 'constitution', rank: 2, gistSize: 128 };
const projection = (props: object) => ({ question, measured: null, caption, ...props });

const training: Training = {
  ...{ state: 'none', step: 12, newest: 12, redone: 0, value: { before: 0.1, now: 0.64 } },
  ...{ blocked: null, ended: false, other: false },
};
const controls = (now: Partial<Training>) => ({
  ...{ training: { ...training, ...now }, speed: '1×', speeds: ['slow', '1×', '4×'] },
  parts: ['sample', 'judge', 'pair', 'update'],
});

export const FIGURES: Record<string, Row> = {
  sandbox: {
    load: () => import('../../../src/figures/sandbox/Sandbox.svelte'),
    sets: {
      opened: sandbox({}),
      ...Object.fromEntries(Object.entries(ATTEMPTS).map(([claim, settings]) => [claim, sandbox(settings)])),
      'arrows upon each other': sandbox({ habits: START.truth, constitution: START.truth, rank: 1 }),
      'far and many': sandbox({ kl: 1, count: MOST, rank: 4, by: 'habits' }),
      untrained: sandbox({ kl: 0, count: 200, constitution: { x: 0, y: -1.2 }, rank: 1 }),
    },
    events: { onset: 'settings' },
  },
  correlations: {
    load: () => import('../../../src/figures/correlations/ValueCorrelations.svelte'),
    sets: {
      judged: { judged: good.judged, asked: askedBy(good.known, good.constitution.principles) },
      'judged badly': { judged: bad.judged, asked: askedBy(bad.known, bad.constitution.principles) },
      stale: { judged: good.judged, old: true, onjudge: () => {} },
      busy: { judged: good.judged, old: true, busy: true, working: { progress: null } },
      unreadable: { judged: null, empty: true },
    },
    events: {},
  },
  comparison: {
    load: () => import('../../../src/figures/comparison/PairComparison.svelte'),
    sets: {
      'of the cloud': { weighing: pair, names: good.names },
      'of a run': {
        weighing: { ...pair, a: weigh(a, -3) },
        origin: { from: 'run', step: 12, pairs: 64, run: 'own' },
        names: good.names,
      },
      silent: {
        weighing: pair,
        origin: { from: 'run', step: 12, pairs: 64, run: 'other' },
        silent: true,
        names: good.names,
      },
      none: { weighing: null, names: good.names },
    },
    events: {},
  },
  samples: {
    load: () => import('../../../src/figures/samples/SampleDiff.svelte'),
    sets: {
      trained: { trained: samplesAt(good.reports.length - 1), responses, names: good.names },
      recorded: { trained: { ...samplesAt(0), recorded: true }, responses, names: good.names },
      untrained: { trained: null, responses, names: good.names },
      none: { trained: null, responses: [], names: good.names },
    },
    events: {},
  },
  curve: {
    load: () => import('../../../src/figures/curve/TrainingCurve.svelte'),
    sets: {
      trained: curve({ run: { ...run, step: run.reports.length - 1, ended: good.reason } }),
      'looked back on': curve({ run: { ...run, step: 9 } }),
      'of another constitution': curve({
        run: { ...run, step: 12, other: true },
        prediction: bad.prediction,
      }),
      recorded: curve({ run: { ...run, step: 20, playback: 'paused' } }),
      predicted: curve({}),
      unpredicted: curve({ prediction: null, onpredict: () => {} }),
      predicting: curve({ prediction: null, working: { progress: null } }),
    },
    events: { onlook: null },
  },
  cloud: {
    load: () => import('../../../src/figures/cloud/Cloud.svelte'),
    sets: {
      trained: cloud({ change: moving(change), trained: true, read: 5, lettered: { A: 5, B: 2 } }),
      judged: cloud({ read: 2 }),
      recorded: cloud({ origin: 'recorded' }),
      demonstration: cloud({ origin: 'demonstration', change: moving(change), trained: true }),
      'of another run': cloud({ origin: 'other', change: moving(change), trained: true, read: 40 }),
      unreadable: cloud({ scores: moving(still), judged: false, silent: true, judgement: null }),
      loading: cloud({
        ...{ responses: [], scores: moving(none), change: moving(none), judged: false },
        ...{ generation: null, judgement: null, loading: { progress: null } },
      }),
    },
    events: { onchoose: 'read', onhover: null },
  },
  projection: {
    load: () => import('../../../src/figures/projection/ProjectionPlot.svelte'),
    sets: {
      plane: projection({ measured: { data: good.projections.plane, responses } }),
      random: projection({
        question: { ...question, keep: 'random' },
        measured: { data: good.projections.random, responses },
      }),
      line: projection({
        question: { ...question, rank: 1 },
        measured: { data: bad.projections.plane, responses },
        stale: true,
        pending: { for: 'visitor', failure: null },
      }),
      bare: projection({ bare: true, measured: { data: bad.projections.plane, responses } }),
      unread: projection({ pending: { for: 'words' } }),
      measuring: projection({ pending: { for: 'answer', progress: null } }),
      failed: projection({ pending: { for: 'visitor', failure: 'out of memory' } }),
    },
    events: { onkeep: null, onask: null },
  },
  training: {
    load: () => import('../../../src/figures/training/TrainControls.svelte'),
    sets: {
      begun: controls({ state: 'live' }),
      'in a slow step': { ...controls({ state: 'live' }), speed: 'slow', lit: 'judge' },
      paused: { ...controls({ state: 'resumable' }), onreset: () => {} },
      untrained: controls({ value: null }),
      loading: controls({ value: null, blocked: 'loading' }),
      'nothing to train by': controls({ blocked: 'needs' }),
      demonstration: controls({ state: 'demonstration' }),
      again: controls({ state: 'over', ended: true, other: true }),
    },
    events: { ontrain: null, onpause: null, onstep: null, onspeed: 'speed' },
  },
};
