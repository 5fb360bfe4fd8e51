/** Which two responses lie on the balance: a pair of the run, or the one that is read and its rival. Pure. */
import type { Weighed, Weighing } from '../../figures/comparison/layout.ts';
import type { CloudResponse, Pair, TrainReport } from '../../worker/protocol.ts';

interface Found extends Weighed {
  /** Its place in the cloud, if it is there. */
  id: number | null;
}

export interface FoundPair extends Weighing {
  from: 'run' | 'cloud';
  a: Found;
  b: Found;
  step: number;
}

export function weighingOf(
  report: TrainReport | null,
  reading: number | null,
  responses: readonly CloudResponse[],
  scores: Float32Array | null,
): FoundPair | null {
  if (report?.pair) return weighPair(report.pair, report.row.step, responses);
  if (reading === null || !scores || scores.length !== responses.length) return null;
  const rival = rivalOf(reading, responses, scores);
  if (rival === null) return null;
  const weigh = (id: number): Found => ({
    text: responses[id].response,
    score: scores[id],
    trueValue: responses[id].trueValue,
    wellFormed: responses[id].wellFormed,
    id,
  });
  return { from: 'cloud', prompt: responses[reading].prompt, a: weigh(reading), b: weigh(rival), step: 0 };
}

/** The other answer to the same situation that the judge rates most differently; null when there is none. */
export function rivalOf(
  id: number,
  responses: readonly CloudResponse[],
  scores: Float32Array,
): number | null {
  const { situation, response } = responses[id];
  let rival: number | null = null;
  let widest = -1;
  responses.forEach((one, i) => {
    if (i === id || one.situation !== situation || one.response === response || !one.wellFormed) return;
    const difference = Math.abs(scores[i] - scores[id]);
    if (difference > widest) {
      widest = difference;
      rival = i;
    }
  });
  return rival;
}

function weighPair(pair: Pair, step: number, responses: readonly CloudResponse[]): FoundPair {
  const weigh = (text: string, score: number, trueValue: number): Found => {
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
