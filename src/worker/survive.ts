/** Work that outlives the loss of its graphics device: it is done again, or goes on, on another one. */
import type { Judge } from '../rlaif/judge.ts';
import {
  rlaif,
  type RlaifOptions,
  type RlaifReport,
  type RlaifState,
  type StopReason,
} from '../rlaif/loop.ts';
import type { Crew } from '../rlaif/crew.ts';
import type { HeldModel, Registry } from './registry.ts';

/** Does the work, and once more after every loss of the device. */
export async function survive<T>(registry: Registry, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const { revivals } = registry;
    try {
      return await work();
    } catch (error) {
      if (!(await registry.isRevivedSince(revivals))) throw error;
    }
  }
}

/**
 * The run of `rlaif`, which goes on from its last report when the device is lost. A reader that meets the loss hands its
 * error back with `throw`, and is given the report again.
 */
export async function* survivingRlaif(
  registry: Registry,
  { model }: HeldModel,
  judge: Judge,
  options: RlaifOptions,
  crew: Crew,
): AsyncGenerator<RlaifReport, StopReason> {
  let state: RlaifState | undefined;
  let told = -1;
  for (;;) {
    const { revivals } = registry;
    const run = rlaif(model, judge, options, state, crew);
    try {
      for (;;) {
        const next = await run.next();
        if (next.done) return next.value;
        if (registry.backend === 'webgpu') state = await next.value.state();
        if (next.value.row.step > told) yield next.value;
        told = next.value.row.step;
      }
    } catch (error) {
      if (!(await registry.isRevivedSince(revivals))) throw error;
    } finally {
      await run.return('steps');
    }
  }
}
