/** The recorded run on the page: what the engine will say is shown before it can say it. */
import type { EngineClient } from '../worker/client.ts';
import { OPENING } from '../worker/opening.ts';
import { logProbsOf, sameCloud } from './cloud.ts';
import { wantsStillness } from './glide.svelte.ts';
import type { Lab } from './lab.svelte.ts';
import { keyOf } from './principles.ts';

/** True while the page asks what was recorded, and the visitor has started nothing of their own. */
export function asksWhatWasRecorded(lab: Lab): boolean {
  const { seed, constitution } = OPENING;
  return lab.seed === seed && lab.law.key === keyOf(constitution) && lab.run.phase === 'none';
}

/** Plays a recorded run, and shows its answers wherever the engine has none yet. */
export async function showRecorded(lab: Lab, recording: EngineClient): Promise<void> {
  const { seed, constitution, situations, responses } = OPENING;
  const sampling = { seed, situations, responses };
  const [cloud, judged, prediction] = await Promise.all([
    recording.call('cloud', sampling),
    recording.call('judge', { constitution }),
    recording.call('predict', { constitution, seed }),
  ]);
  if (!asksWhatWasRecorded(lab)) return;
  if (!lab.cloud.result) {
    lab.cloud.adopt(cloud, sampling);
    lab.run.setReference(logProbsOf(cloud));
  } else if (!sameCloud(lab.cloud.result, cloud)) return;
  if (!lab.judging.result) {
    lab.judging.adopt(judged, { constitution });
    lab.scores.to(judged.scores, 0);
  }
  if (!lab.predicting.result) lab.predicting.adopt(prediction, { constitution, seed });
  lab.run.play(recording, constitution, seed, wantsStillness());
}
