/** The recorded run on the page: what the engine will say is shown before it can say it. */
import { OPENING, questions } from '../worker/opening.ts';
import type { Recording } from '../worker/recording.ts';
import { replay } from '../worker/replay.ts';
import { logProbsOf } from './cloud.ts';
import { wantsStillness } from './glide.svelte.ts';
import type { Lab } from './lab.svelte.ts';
import { keyOf } from './principles.ts';
import { yieldToBrowser } from '../figures/ui/yieldToBrowser.ts';
import { weightsKey } from './trueWeights.ts';

/** True while the page asks what was recorded. */
export function asksWhatWasRecorded(lab: Lab): boolean {
  const { seed, constitution, trueWeights } = OPENING;
  return (
    lab.wanted === null &&
    lab.seed === seed &&
    lab.law.key === keyOf(constitution) &&
    weightsKey(lab.trueWeights) === weightsKey(trueWeights)
  );
}

/**
 * Shows recorded answers wherever the engine has none yet, and plays the recorded run where the visitor has none of their own;
 * `shown` is called when the answers are there.
 */
export async function showRecorded(
  lab: Lab,
  recording: Recording,
  shown: () => void = () => {},
): Promise<void> {
  const client = replay(recording);
  const asked = questions(recording.cloud);
  const [cloud, judged, prediction, projection] = await Promise.all([
    client.call('cloud', asked.cloud),
    client.call('judge', asked.judge),
    client.call('predict', asked.predict),
    client.call('project', asked.project),
  ]);
  // One after the other, each drawn in a turn of its own, so that none keeps the page from answering.
  const parts = [
    () => {
      if (!lab.cloud.result) {
        lab.cloud.adopt(cloud, asked.cloud);
        lab.run.setReference(logProbsOf(cloud));
      }
      if (!lab.judging.result) {
        lab.judging.adopt(judged, asked.judge);
        lab.scores.to(judged.scores, 0);
      }
    },
    () => {
      if (!lab.predicting.result) lab.predicting.adopt(prediction, asked.predict);
    },
    () => {
      if (!lab.fall.result) lab.fall.adopt(projection, asked.project);
    },
    shown,
    () => {
      if (lab.run.phase === 'none') lab.run.play(client, asked.train, wantsStillness());
    },
  ];
  for (const show of parts) {
    await yieldToBrowser();
    if (!asksWhatWasRecorded(lab) || (lab.cloud.result && lab.cloud.result.sample !== cloud.sample)) return;
    show();
  }
}
