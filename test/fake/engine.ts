/** An engine of invented numbers behind the real protocol: deterministic, for tests and for drawing the page. */
import { createRandom } from '../../src/math/random.ts';
import { EngineClient } from '../../src/worker/client.ts';
import type {
  Calls,
  Cloud,
  Control,
  Failure,
  FromWorker,
  Judged,
  ModelSource,
  Prediction,
  Projection,
  Progress,
  ToWorker,
  TrainReport,
} from '../../src/worker/protocol.ts';
import { NAMES } from '../../src/world/lexicon.ts';
import type { ValueName } from '../../src/world/values.ts';
import { VALUE_NAMES } from '../../src/world/values.ts';
import { fakeCloud, fakeScores, PRINCIPLES, readsAs, within } from './world.ts';

export interface FakeOptions {
  /** Time that a call takes, ms. */
  delay?: number;
  /** This call never answers and only reports progress. */
  hang?: keyof Calls;
  /** This call fails, as if the model could not be fetched if no other kind is asked for. */
  fail?: keyof Calls;
  kind?: Failure['kind'];
}

export interface Fake {
  client: EngineClient;
  stop: () => void;
  /** Calls in the order they came. */
  calls: string[];
  die: () => void;
}

/** The engine's end of a thread: a MessagePort, or a worker's own scope. */
export interface EnginePort {
  postMessage: (message: FromWorker) => void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

/** What a model is, by where it comes from: the page's own, or the one of a name. */
const infoOf = (source: ModelSource) => ({
  id: typeof source === 'object' && 'shipped' in source ? `id of ${source.shipped}` : 'the model',
  parameters: 171_328,
  layers: 3,
  width: 64,
  gistSize: 128,
});

/** Answers every call that comes to a port; `calls` tells in which order they came. */
export function answerAt(port: EnginePort, options: FakeOptions = {}, calls: string[] = []): void {
  const runs = new Map<number, (control: Control) => void>();
  const send = (message: FromWorker) => port.postMessage(message);
  const clouds = new Map<string, Cloud>();
  const cloudOf = (sample: string) => clouds.get(sample)!;

  const answer = (message: Extract<ToWorker, { call: unknown }>) => {
    const { id, call } = message;
    const reply = (result: Calls[keyof Calls]['result']) => send({ id, result });
    if (call === 'start') {
      reply({
        backend: { name: 'wasm', reason: 'no graphics adapter here' },
        model: infoOf(message.args.model),
        principles: PRINCIPLES,
        names: [...NAMES],
      });
    } else if (call === 'load') reply(infoOf(message.args.source));
    else if (call === 'cloud') {
      const cloud = fakeCloud(message.args);
      clouds.set(cloud.sample, cloud);
      reply(cloud);
    } else if (call === 'prepare') reply({ model: message.args.model, sample: 'of predictions' });
    else if (call === 'predict')
      reply(prediction(message.args, fakeCloud({ ...message.args, situations: 30, responses: 20 })));
    else if (!('sample' in message.args) || !clouds.has(message.args.sample))
      send({ id, failed: { kind: 'no-sample', message: 'no such sample' } });
    else if (call === 'judge') reply(judged(message.args, cloudOf(message.args.sample)));
    else if (call === 'project') reply(projection(message.args, cloudOf(message.args.sample)));
    else if (call === 'train') train(id, message.args, cloudOf(message.args.sample), send, runs);
    else send({ id, failed: { kind: 'internal', message: 'a fake engine helps nobody' } });
  };

  port.onmessage = ({ data }: MessageEvent<ToWorker>) => {
    if ('control' in data) {
      const run = runs.get(data.id);
      if (run) run(data.control);
      else if (data.control === 'cancel')
        send({ id: data.id, failed: { kind: 'cancelled', message: 'cancelled' } });
      return;
    }
    calls.push(data.call);
    if (options.fail === data.call)
      return send({
        id: data.id,
        failed: { kind: options.kind ?? 'no-model', message: 'models/base/config.json: 404' },
      });
    if (options.hang === data.call) {
      const progress: Progress = {
        stage: data.call === 'start' ? 'downloading' : 'sampling',
        done: 0.42,
        left: 3,
      };
      return send({ id: data.id, progress });
    }
    setTimeout(() => answer(data), options.delay ?? 0);
  };
}

export function fakeEngine(options: FakeOptions = {}): Fake {
  const { port1, port2 } = new MessageChannel();
  const client = new EngineClient(port1);
  const calls: string[] = [];
  answerAt(port2, options, calls);
  const stop = () => {
    port2.close();
    port1.close();
    client.fail({ kind: 'worker-died', message: 'The engine was stopped.' });
  };
  return { client, stop, calls, die: () => client.fail({ kind: 'worker-died', message: 'out of memory' }) };
}

function judged({ constitution, model, sample }: Calls['judge']['args'], cloud: Cloud): Judged {
  const scores = fakeScores(constitution, cloud);
  const list = cloud.responses;
  const awakened = Object.fromEntries(
    VALUE_NAMES.map((name) => [
      name,
      within(
        scores,
        list.map((r) => r.values[name]),
        list,
      ),
    ]),
  );
  return {
    model,
    sample,
    asked: [
      constitution.principles.length === 0
        ? 'that is'
        : `by ${constitution.principles.map((one) => one.phrase).join(' and ')} , that is`,
    ],
    weighted: constitution.principles.some((one) => one.weight !== 1),
    scores,
    judgement: within(
      scores,
      list.map((r) => r.trueValue),
      list,
    ),
    awakened: awakened as Record<ValueName, Judged['judgement']>,
    linear: 0.95,
    projected: 0.94,
    rank: Math.max(1, constitution.principles.length),
    milliseconds: 40,
  };
}

/** Weights within the situation of the policy tilted by t·s, and its KL and mean true value. */
function tilted(cloud: Cloud, s: ArrayLike<number>, t: number) {
  const sums = new Float64Array(cloud.situations);
  const counts = new Float64Array(cloud.situations);
  cloud.responses.forEach(({ situation }, i) => {
    sums[situation] += Math.exp(t * s[i]);
    counts[situation]++;
  });
  const change = cloud.responses.map(
    ({ situation }, i) => t * s[i] - Math.log(sums[situation] / counts[situation]),
  );
  let [kl, value] = [0, 0];
  change.forEach((c, i) => {
    kl += (Math.exp(c) * c) / change.length;
    value += (Math.exp(c) * cloud.responses[i].trueValue) / change.length;
  });
  return { change, kl, value };
}

function prediction({ constitution, model }: Calls['predict']['args'], cloud: Cloud): Prediction {
  const scores = fakeScores(constitution, cloud);
  const base = tilted(cloud, scores, 0).value;
  const sweep = (s: ArrayLike<number>) => {
    const points = Array.from({ length: 160 }, (_, i) => tilted(cloud, s, (i / 40) ** 1.5 * 0.35));
    return (kl: number) => (points.find((one) => one.kl >= kl) ?? points.at(-1)).value - base;
  };
  const values = cloud.responses.map((r) => r.trueValue);
  const [tilt, truth] = [sweep(scores), sweep(values)];
  const ceiling = sweep(values.map((v, i) => v + 0.5 * createRandom(i).normal()));
  const kl = Float32Array.from({ length: 41 }, (_, i) => i / 40);
  const mean = kl.map(tilt);
  return {
    model,
    sample: 'of predictions',
    start: base,
    kl,
    tilt: {
      mean,
      low: mean.map((v, i) => v - 0.16 * Math.sqrt(kl[i])),
      high: mean.map((v, i) => v + 0.16 * Math.sqrt(kl[i])),
    },
    linear: kl.map((k) => Math.sqrt(2 * k) * 1.9 * within(scores, values, cloud.responses).value),
    ceiling: kl.map(ceiling),
    truth: kl.map(truth),
    situations: 64,
    responses: 256,
  };
}

function train(
  id: number,
  { constitution, steps, kl: budget, paused, model, sample }: Calls['train']['args'],
  cloud: Cloud,
  send: (m: FromWorker) => void,
  runs: Map<number, (c: Control) => void>,
) {
  const real = fakeScores(constitution, cloud).map(
    (s, i) => 0.86 * s + 0.4 * createRandom(`train ${i}`).normal(),
  );
  const judge = fakeScores(constitution, cloud);
  const base = tilted(cloud, real, 0);
  const pick = (change: readonly number[], situation: number, u: number) => {
    const ids = cloud.responses.map((_, i) => i).filter((i) => cloud.responses[i].situation === situation);
    const total = ids.reduce((sum, i) => sum + Math.exp(change[i]), 0);
    let left = u * total;
    return ids.find((i) => (left -= Math.exp(change[i])) <= 0) ?? ids[0];
  };
  const pairOf = (situation: number) => {
    const ids = cloud.responses.map((_, i) => i).filter((i) => cloud.responses[i].situation === situation);
    ids.sort((i, j) => judge[j] - judge[i]);
    return [ids[2], ids.at(-5)];
  };
  const report = (step: number): TrainReport => {
    const { change, kl, value } = tilted(cloud, real, 1.15 * (1 - Math.exp(-step / 34)));
    const random = createRandom(`run ${step}`);
    const wobble = step === 0 ? 0 : 0.05 * random.normal();
    const [a, b] = pairOf(step % 30);
    return {
      row: {
        step,
        trueValue: { value: value + wobble, low: value + wobble - 0.18, high: value + wobble + 0.18 },
        values: cloud.responses[0].values,
        judge: value,
        kl,
        klError: 0.02,
        pairAccuracy: 0.8,
        wellFormed: 0.98 - 0.0012 * step,
        length: 12,
      },
      logProbs: Float32Array.from(change, (c, i) => c + cloud.responses[i].logProb),
      pair:
        step === 0
          ? null
          : {
              prompt: cloud.responses[a].prompt,
              a: cloud.responses[a].response,
              b: cloud.responses[b].response,
              scoreA: judge[a],
              scoreB: judge[b],
              preferA: 1 / (1 + Math.exp(judge[b] - judge[a])),
              trueA: cloud.responses[a].trueValue,
              trueB: cloud.responses[b].trueValue,
            },
      pairs: step === 0 ? 0 : 64,
      samples: [3, 11].map((situation, k) => {
        const u = createRandom(`sample ${k}`).uniform();
        const [before, now] = [
          cloud.responses[pick(base.change, situation, u)],
          cloud.responses[pick(change, situation, u)],
        ];
        return {
          prompt: before.prompt,
          before: before.response,
          now: now.response,
          beforeTrue: before.trueValue,
          nowTrue: now.trueValue,
        };
      }),
      left: (steps - step) * 0.4,
    };
  };
  let step = 0;
  const end = (reason: Calls['train']['result']['reason']) => {
    runs.delete(id);
    send({ id, result: { model, sample, reason, rows: step + 1 } });
  };
  const go = () => {
    if (!runs.has(id)) return;
    const next = report(++step);
    send({ id, progress: next });
    if (next.row.kl >= budget) end('kl');
    else if (step >= steps) end('steps');
    else if (!paused) setTimeout(go);
  };
  send({ id, progress: report(0) });
  runs.set(id, (control) => {
    if (control === 'cancel') return end('cancelled');
    if (control === 'step') setTimeout(go, 20);
  });
  if (!paused) setTimeout(go);
}

function projection(
  { constitution, keep, ask, responses, seed, model, sample }: Calls['project']['args'],
  cloud: Cloud,
): Projection {
  const random = createRandom(`projection ${seed} ${keep}`);
  const ids = Int32Array.from(random.shuffle(cloud.responses.map((_, i) => i)).slice(0, responses));
  const signs = readsAs(constitution);
  const rank = Math.max(1, signs.length);
  const named = signs.map((one) => Object.keys(one)[0] as ValueName);
  const other =
    (['fairness', 'loyalty', 'freedom', 'care', 'honesty'] as const).find((name) => !named.includes(name)) ??
    named[2];
  const axes = [named[0] ?? 'honesty', named[1] ?? 'freedom', other];
  const before = new Float32Array(responses * 3);
  ids.forEach((id, i) =>
    axes.forEach(
      (axis, k) => (before[i * 3 + k] = 0.85 * cloud.responses[id].values[axis] + 0.35 * random.normal()),
    ),
  );
  const flat: [number, number, number] =
    keep === 'plane' ? [1, rank > 1 ? 1 : 0, 0] : [0, rank > 1 ? 0 : 1, 1];
  const tilt = [0.5, -0.3, 0.4];
  const land = (p: [number, number, number]): [number, number, number] => {
    if (keep !== 'random') return [p[0] * flat[0], p[1] * flat[1], p[2] * flat[2]];
    const n = Math.hypot(...tilt);
    const along = (p[0] * tilt[0] + p[1] * tilt[1] + p[2] * tilt[2]) / n / n;
    return [
      0.16 * (p[0] - along * tilt[0]),
      0.16 * (p[1] - along * tilt[1]),
      0.16 * (p[2] - along * tilt[2]),
    ];
  };
  const unit = (x: number, y: number, z: number): [number, number, number] => {
    const n = Math.hypot(x, y, z);
    return [x / n, y / n, z / n];
  };
  /** Of what is landed on. */
  const floor =
    keep === 'random'
      ? [unit(0.3, 0.5, 0), unit(-0.2, 0.12, 0.34)]
      : [unit(1, 0, 0), unit(0, 1, 0), unit(0, 0, 1)].filter((_, i) => flat[i] === 1);
  const after = new Float32Array(before.length);
  for (let i = 0; i < responses; i++)
    after.set(land([before[i * 3], before[i * 3 + 1], before[i * 3 + 2]]), i * 3);
  const dropped = Float32Array.from({ length: 11 }, (_, i) => i / 10);
  const scores = fakeScores(constitution, cloud);
  const original = Float32Array.from(ids, (id) => scores[id]);
  const kept = keep === 'plane' ? 1 : keep === 'random' ? 0.05 : 0.12;
  const verdicts = new Float32Array(11 * responses);
  dropped.forEach((share, k) =>
    ids.forEach((id, i) => {
      const own = original[i] * (1 - share + share * kept);
      const rest = ask === 'nothing' ? 0.7 * cloud.responses[id].trueValue * (1 - share) : 0;
      verdicts[k * responses + i] = (ask === 'nothing' ? own * share : own) + rest + 0.2 * random.normal();
    }),
  );
  const list = Array.from(ids, (id) => cloud.responses[id]);
  const rows = Array.from(dropped, (_, k) => verdicts.subarray(k * responses, (k + 1) * responses));
  const arrow = (name: string, value: ValueName, at: [number, number, number]) => ({
    name,
    value,
    before: at,
    after: land(at),
  });
  return {
    model,
    sample,
    ids,
    before,
    after,
    floor,
    arrows: [
      arrow(axes[0], axes[0], [1, 0, 0]),
      ...(rank > 1 ? [arrow(axes[1], axes[1], [0.21, 0.97, 0])] : []),
      arrow(other, other, [0.16, 0.1, 1.15]),
    ],
    judged: rank > 1 ? [0.79, 0.61, 0] : [1, 0, 0],
    dropped,
    verdicts,
    original,
    rank,
    same: Float32Array.from(rows, (row) => within(row, original, list).value),
    slope: Float32Array.from(rows, (row) => within(row, original, list).value * 0.9),
    agrees: Float32Array.from(
      rows,
      (row) =>
        within(
          row,
          list.map((r) => r.trueValue),
          list,
        ).value,
    ),
  };
}
