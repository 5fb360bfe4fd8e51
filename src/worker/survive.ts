/** Work that outlives the loss of its graphics device: it is done again, or goes on, on another one. */
import type { Judge } from '../rlaif/judge.ts';
import {
  rlaif,
  type RlaifOptions,
  type RlaifReport,
  type RlaifState,
  type StopReason,
} from '../rlaif/loop.ts';
import type { Session } from './session.ts';

/** Does the work, and once more after every loss of the device. */
export async function survive<T>(session: Session, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const { revivals } = session;
    try {
      return await work();
    } catch (error) {
      if (!(await session.isRevivedSince(revivals))) throw error;
    }
  }
}

/**
 * The run of `rlaif`, which goes on from its last report when the device is lost. A reader that meets the loss hands its
 * error back with `throw`, and is given the report again.
 */
export async function* survivingRlaif(
  session: Session,
  judge: Judge,
  options: RlaifOptions,
): AsyncGenerator<RlaifReport, StopReason> {
  let state: RlaifState | undefined;
  let told = -1;
  for (;;) {
    const { revivals } = session;
    const run = rlaif(session.model, judge, options, state, session.crew);
    try {
      for (;;) {
        const next = await run.next();
        if (next.done) return next.value;
        if (session.started.backend.name === 'webgpu') state = await next.value.state();
        if (next.value.row.step > told) yield next.value;
        told = next.value.row.step;
      }
    } catch (error) {
      if (!(await session.isRevivedSince(revivals))) throw error;
    } finally {
      await run.return('steps');
    }
  }
}
