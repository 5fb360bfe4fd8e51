/** A made-up study for figures to show: what an engine of invented numbers says of a constitution. */
import { namesIn } from '../../../src/figures/ui/text.ts';
import { OPENING } from '../../../src/worker/opening.ts';
import type { Keep, TrainReport } from '../../../src/worker/protocol.ts';
import { fakeEngine } from '../../fake/engine.ts';
import { PRINCIPLES } from '../../fake/world.ts';

export async function madeUp(...phrases: string[]) {
  const { client, stop } = fakeEngine();
  const { seed, situations, responses, projected, steps, kl } = OPENING;
  const constitution = { principles: phrases.map((phrase) => ({ phrase, weight: 1 })) };
  const cloud = await client.call('cloud', { seed, situations, responses });
  const judged = await client.call('judge', { constitution });
  const prediction = await client.call('predict', { constitution, seed });
  const project = (keep: Keep) =>
    client.call('project', { constitution, keep, ask: 'constitution', responses: projected, seed });
  const projections = { plane: await project('plane'), random: await project('random') };
  const reports: TrainReport[] = [];
  const { reason } = await client.call('train', { constitution, seed, steps, kl, paused: false }, (report) =>
    reports.push(report),
  );
  stop();
  return {
    phrases,
    constitution,
    cloud,
    names: namesIn(cloud.responses),
    known: PRINCIPLES,
    judged,
    prediction,
    projections,
    reports,
    reason,
  };
}
