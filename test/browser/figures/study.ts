/** A made-up study for figures to show: what an engine of invented numbers says of a constitution. */
import { namesIn } from '../../../src/figures/ui/text.ts';
import { questions } from '../../../src/worker/opening.ts';
import type { Keep, TrainReport } from '../../../src/worker/protocol.ts';
import { fakeEngine } from '../../fake/engine.ts';
import { PRINCIPLES } from '../../fake/world.ts';

export async function madeUp(...phrases: string[]) {
  const { client, stop } = fakeEngine();
  const constitution = { principles: phrases.map((phrase) => ({ phrase, weight: 1 })) };
  const cloud = await client.call('cloud', questions({ model: 'the model', sample: '' }).cloud);
  const asked = questions(cloud);
  const judged = await client.call('judge', { ...asked.judge, constitution });
  const prediction = await client.call('predict', { ...asked.predict, constitution });
  const project = (keep: Keep) => client.call('project', { ...asked.project, constitution, keep });
  const projections = { plane: await project('plane'), random: await project('random') };
  const reports: TrainReport[] = [];
  const { reason } = await client.call('train', { ...asked.train, constitution }, (report) =>
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
