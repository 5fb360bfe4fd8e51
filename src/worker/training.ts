import { drive } from '../analysis/trainRun.ts';
import { createRandom } from '../math/random.ts';
import { logProbs } from '../model/score.ts';
import { RLAIF, type RlaifReport } from '../rlaif/loop.ts';
import type { Judge } from '../rlaif/judge.ts';
import type { JudgedPair } from '../rlaif/rows.ts';
import { promptedScores } from '../values/constitution.ts';
import { respond, valuedBy, type Response } from '../values/respond.ts';
import { situationAt } from '../world/documents.ts';
import { constitutionOf } from './judging.ts';
import { crewOf } from './crew.ts';
import type { Calls, Pair, TrainArgs, TrainReport } from './protocol.ts';
import type { HeldModel, HeldSample } from './registry.ts';
import type { Context } from './serve.ts';
import type { Session } from './session.ts';
import { survive, survivingRlaif } from './survive.ts';

/** Situations whose response is shown before and now. */
const SHOWN = 3;
/** Steps between two looks at the whole cloud's probabilities. */
const CLOUD_EVERY = 2;

/** RLAIF on the page: one report a row, paused, stepped and cancelled by the call's gate. */
export async function train(
  session: Session,
  held: HeldModel,
  { id, sample: cloud }: HeldSample,
  args: TrainArgs,
  { gate, progress }: Context<'train'>,
): Promise<Calls['train']['result']> {
  const { registry, pool, idle } = session;
  const { model } = held;
  const constitution = constitutionOf(args.constitution);
  const { seed, steps, kl, trueWeights } = args;
  const options = { ...RLAIF, seed, steps, kl, trueWeights, ...registry.effort.training };
  const shown = Array.from({ length: SHOWN }, (_, i) => situationAt(`shown/${args.seed}`, i));
  const say = async (policy: typeof model) =>
    valuedBy(await respond(policy, shown, createRandom(args.seed).fork('shown')), trueWeights);
  const before = await survive(registry, () => say(model));
  const judge: Judge = ({ gists }) => promptedScores(model, gists, constitution);
  const crew = crewOf(pool, held, session.policyName());
  const run = survivingRlaif(registry, held, judge, options, crew);
  let began = performance.now();
  let rows = 0;
  /** What the coming update learns from: it is shown with the step that this makes. */
  let lesson: JudgedPair[] = [];
  const tell = async (report: RlaifReport): Promise<void> => {
    const { row, pairs, policy } = report;
    const last = pairs.length === 0;
    const now = await say(policy);
    progress({
      row,
      logProbs: last || row.step % CLOUD_EVERY === 0 ? await logProbs(policy, cloud.responses) : null,
      pair: shownPair(lesson),
      pairs: lesson.length,
      samples: before.map((b, i) => sampleOf(b, now[i])),
      left: ((performance.now() - began) / 1000 / (rows + 1)) * (args.steps - row.step),
    } satisfies TrainReport);
    rows += 1;
    lesson = pairs;
    const waited = performance.now();
    if (!last) await idle.away(() => gate.pass());
    began += performance.now() - waited; // a pause is not work
  };
  try {
    const reason = await drive(run, tell);
    return { model: held.id, sample: id, reason, rows };
  } finally {
    crew.release();
  }
}

/** The pair on which the judge is surest shows best what a step learns. */
function shownPair(pairs: readonly JudgedPair[]): Pair | null {
  const sure = (p: JudgedPair) => Math.abs(p.preferA - 0.5);
  const pair = pairs.reduce<JudgedPair | null>((best, p) => (best && sure(best) >= sure(p) ? best : p), null);
  if (!pair) return null;
  const { a, b, scoreA, scoreB, preferA } = pair;
  return {
    prompt: a.promptText,
    a: a.responseText,
    b: b.responseText,
    scoreA,
    scoreB,
    preferA,
    trueA: a.trueValue,
    trueB: b.trueValue,
  };
}

function sampleOf(before: Response, now: Response): TrainReport['samples'][number] {
  return {
    prompt: before.promptText,
    before: before.responseText,
    now: now.responseText,
    beforeTrue: before.trueValue,
    nowTrue: now.trueValue,
  };
}
