/** Which two responses lie on the balance: a pair of the run, or the one that is read and its rival. Pure. */
import type { CloudResponse, Pair, TrainReport } from '../../worker/protocol.ts';
import { rivalOf } from '../cloud/reading.ts';

export interface Weighed {
  text: string;
  score: number;
  trueValue: number;
  wellFormed: boolean;
  /** Its place in the cloud, if it is there. */
  id: number | null;
}

export interface Weighing {
  from: 'run' | 'cloud';
  prompt: string;
  a: Weighed;
  b: Weighed;
  step: number;
}

export function weighingOf(
  report: TrainReport | null,
  reading: number | null,
  responses: readonly CloudResponse[],
  scores: Float32Array | null,
): Weighing | null {
  if (report?.pair) return weighPair(report.pair, report.row.step, responses);
  if (reading === null || !scores || scores.length !== responses.length) return null;
  const rival = rivalOf(reading, responses, scores);
  if (rival === null) return null;
  const weigh = (id: number): Weighed => ({
    text: responses[id].response,
    score: scores[id],
    trueValue: responses[id].trueValue,
    wellFormed: responses[id].wellFormed,
    id,
  });
  return { from: 'cloud', prompt: responses[reading].prompt, a: weigh(reading), b: weigh(rival), step: 0 };
}

/** Whether the truth is on the judge's side, 1, on the other, −1, or on neither, 0. */
export const truthOf = ({ a, b }: Weighing): number =>
  Math.sign((a.trueValue - b.trueValue) * (a.score >= b.score ? 1 : -1));

function weighPair(pair: Pair, step: number, responses: readonly CloudResponse[]): Weighing {
  const weigh = (text: string, score: number, trueValue: number): Weighed => {
    const id = responses.findIndex((one) => one.response === text && one.prompt === pair.prompt);
    return { text, score, trueValue, wellFormed: id < 0 || responses[id].wellFormed, id: id < 0 ? null : id };
  };
  return {
    from: 'run',
    prompt: pair.prompt,
    a: weigh(pair.a, pair.scoreA, pair.trueA),
    b: weigh(pair.b, pair.scoreB, pair.trueB),
    step,
  };
}
