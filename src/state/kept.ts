/** The visitor's own run, kept by the tab: whoever loads the page again, or had it put away by a phone, finds it there. */
import * as v from 'valibot';
import { fromJson, toJson } from '../worker/json.ts';
import type { ModelId } from '../worker/protocol.ts';
import type { Lab } from './lab.svelte.ts';
import { writeLink } from './link.ts';
import { KEPT_RUN } from './keptRun.ts';
import type { KeptRun } from './run.svelte.ts';
import { keep, recall } from './storage.ts';

const STORE = 'run';
/** To be raised when a run is written down otherwise. */
const VERSION = 2;

const KEPT = v.object({
  version: v.literal(VERSION),
  /** What the page's link said. */
  link: v.string(),
  run: KEPT_RUN,
});

/**
 * Takes up the run that the page had when the tab left it, unless another link was opened since or the page comes with another
 * model than `model`, which it was of; from then on keeps it whenever the page is left, or hidden, from where it may never come back.
 */
export function keepRun(lab: Lab, model: string): void {
  const kept = recall('sessionStorage', STORE, KEPT, fromJson);
  if (kept && isOf(kept.run, lab, model) && kept.link === writeLink(lab.link)) lab.run.restore(kept.run);
  const keepNow = () => {
    const run = lab.run.kept;
    const now = run && { version: VERSION, link: writeLink(lab.link), run };
    keep('sessionStorage', STORE, now && toJson(now));
  };
  addEventListener('pagehide', keepNow);
  document.addEventListener('visibilitychange', () => document.hidden && keepNow());
}

/** Whether a run can be of the model that the page opens; of one that the link names the engine will know. */
const isOf = ({ settings }: KeptRun, lab: Lab, model: ModelId): boolean =>
  lab.wanted !== null || settings.model === model;
