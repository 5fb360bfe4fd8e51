/** The recorded run on the page: what the engine will say is shown before it can say it. */
import type { EngineClient } from '../worker/client.ts';
import { OPENING, QUESTIONS } from '../worker/opening.ts';
import { logProbsOf, sameCloud } from './cloud.ts';
import { wantsStillness } from './glide.svelte.ts';
import type { Lab } from './lab.svelte.ts';
import { keyOf } from './principles.ts';
import { yieldToBrowser } from '../figures/ui/yieldToBrowser.ts';

/** True while the page asks what was recorded. */
export function asksWhatWasRecorded(lab: Lab): boolean {
  const { seed, constitution } = OPENING;
  return lab.seed === seed && lab.law.key === keyOf(constitution);
}

/**
 * Shows recorded answers wherever the engine has none yet, and plays the recorded run where the visitor has none of their own;
 * `shown` is called when the answers are there.
 */
export async function showRecorded(
  lab: Lab,
  recording: EngineClient,
  shown: () => void = () => {},
): Promise<void> {
  const [cloud, judged, prediction, projection] = await Promise.all([
    recording.call('cloud', QUESTIONS.cloud),
    recording.call('judge', QUESTIONS.judge),
    recording.call('predict', QUESTIONS.predict),
    recording.call('project', QUESTIONS.project),
  ]);
  const { constitution, seed } = OPENING;
  // One after the other, each drawn in a turn of its own, so that none keeps the page from answering.
  const parts = [
    () => {
      if (!lab.cloud.result) {
        lab.cloud.adopt(cloud, QUESTIONS.cloud);
        lab.run.setReference(logProbsOf(cloud));
      }
      if (!lab.judging.result) {
        lab.judging.adopt(judged, QUESTIONS.judge);
        lab.scores.to(judged.scores, 0);
      }
    },
    () => {
      if (!lab.predicting.result) lab.predicting.adopt(prediction, QUESTIONS.predict);
    },
    () => {
      if (!lab.fall.result) lab.fall.adopt(projection, QUESTIONS.project);
    },
    shown,
    () => {
      if (lab.run.phase === 'none') lab.run.play(recording, constitution, seed, wantsStillness());
    },
  ];
  for (const show of parts) {
    await yieldToBrowser();
    if (!asksWhatWasRecorded(lab) || (lab.cloud.result && !sameCloud(lab.cloud.result, cloud))) return;
    show();
  }
}
