/**
 * One training run: the rows that came, the one that is looked at, and what the engine is doing.
 *
 * The engine's run is always paused and asked for one step at a time. So the page sets the pace, a pause
 * is exact, and a run that was lost can be replayed from its seed up to where it was.
 */
import type { Call, EngineClient } from '../worker/client.ts';
import type { Constitution, Failure, StopReason, TrainReport } from '../worker/protocol.ts';
import { Morph } from './glide.svelte.ts';
import { failureOf } from './job.svelte.ts';
import type { Part, Speed } from './pace.ts';
import { PART_MS, PARTS, partAt, UPDATE_MS, waitFor } from './pace.ts';
import { keyOf } from './principles.ts';

export const STEPS = 40;
/** nats */
export const KL_BUDGET = 1;

type Phase = 'none' | 'starting' | 'live' | 'paused' | 'stopped';

export class Run {
  phase = $state<Phase>('none');
  /** Reports by step; reports[0] is before any update. */
  reports = $state.raw<TrainReport[]>([]);
  /** The step that is looked at. */
  step = $state(0);
  reason = $state<StopReason | null>(null);
  speed = $state<Speed>('1×');
  /** Lit part of a slow step; null at other speeds. */
  part = $state<Part | null>(null);
  /** The report of a slow step whose parts are being played; it counts when its update is. */
  coming = $state.raw<TrainReport | null>(null);
  /** What the run was started with; null when there is none. */
  constitution = $state.raw<Constitution | null>(null);
  seed = $state(0);
  /** True while steps that are known already are done again after the engine was lost. */
  replaying = $state(false);

  readonly newest: number = $derived(this.reports.length - 1);
  readonly report: TrainReport | null = $derived(this.reports[this.step] ?? null);
  readonly rewound: boolean = $derived(this.step < this.newest);
  readonly key: string = $derived(this.constitution ? keyOf(this.constitution) : '');
  /** log π(now) − log π₀ of every cloud response, moving between measured steps. */
  readonly change = new Morph();

  readonly #client: () => EngineClient;
  readonly #failed: (failure: Failure) => void;
  /** log π₀ of the cloud's responses. */
  #reference: Float32Array = new Float32Array();
  #call: Call<'train'> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #parts: ReturnType<typeof setInterval> | undefined;
  #askedAt = 0;
  #asked = false;
  #once = false;
  /** Steps known before the engine was lost. */
  #known = 0;

  constructor(client: () => EngineClient, failed: (failure: Failure) => void) {
    this.#client = client;
    this.#failed = failed;
  }

  setReference(logProbs: Float32Array): void {
    this.#reference = logProbs;
    this.change.to(new Float32Array(logProbs.length), 0);
  }

  /** Starts anew; `once` stops after the first step. */
  start(constitution: Constitution, seed: number, once = false): void {
    this.reset();
    this.constitution = constitution;
    this.seed = seed;
    this.#once = once;
    this.#begin();
  }

  pause(): void {
    if (this.phase !== 'live' && this.phase !== 'starting') return;
    this.phase = 'paused';
    this.#settle();
  }

  goOn(once = false): void {
    if (this.phase !== 'paused') return;
    this.step = this.newest;
    this.#show();
    this.#once = once;
    if (!this.#call) return this.#begin();
    this.phase = 'live';
    this.#schedule();
  }

  setSpeed(speed: Speed): void {
    this.speed = speed;
    this.#hurry();
    if (this.phase === 'live' && !this.#asked) this.#schedule();
  }

  /** Looks at an earlier step, or back at the newest. */
  look(step: number): void {
    this.step = Math.max(0, Math.min(this.newest, Math.round(step)));
    if (this.phase === 'live' && this.rewound) this.pause();
    this.#show();
  }

  /** Forgets the run. */
  reset(): void {
    this.coming = null;
    this.#settle();
    const call = this.#call;
    this.#call = null;
    call?.control('cancel');
    this.phase = 'none';
    this.reports = [];
    this.step = 0;
    this.reason = null;
    this.constitution = null;
    this.replaying = false;
    this.#known = 0;
    this.#asked = false;
    if (this.#reference.length > 0) this.#show();
  }

  /** The engine is gone: what was reported stays, and going on replays it. */
  lose(): void {
    this.#settle();
    this.#call = null;
    this.#asked = false;
    this.replaying = false;
    this.#known = Math.max(0, this.newest);
    if (this.phase === 'live' || this.phase === 'starting' || this.phase === 'paused') {
      this.phase = this.reports.length > 0 ? 'paused' : 'none';
    }
  }

  #begin(): void {
    this.phase = 'starting';
    this.replaying = this.#known > 0;
    this.#asked = false;
    const args = {
      constitution: this.constitution!,
      seed: this.seed,
      steps: STEPS,
      kl: KL_BUDGET,
      paused: true,
    };
    const call = this.#client().call('train', args, (report) => {
      if (this.#call === call) this.#receive(report);
    });
    this.#call = call;
    call.then(
      ({ reason }) => this.#call === call && this.#end(reason),
      (error: unknown) => this.#call === call && this.#fail(failureOf(error)),
    );
  }

  #receive(report: TrainReport): void {
    const slow = this.speed === 'slow' && this.phase === 'live' && report.row.step > 0;
    if (!slow || this.replaying) return this.#take(report);
    this.coming = report;
    const from = performance.now();
    clearInterval(this.#parts);
    this.#parts = setInterval(() => {
      const elapsed = performance.now() - from;
      this.part = partAt(elapsed);
      if (elapsed >= UPDATE_MS) this.#take(report);
    }, PART_MS / 8);
  }

  #take(report: TrainReport): void {
    clearInterval(this.#parts);
    this.coming = null;
    const following = this.step === this.newest || this.reports.length === 0;
    const { step } = report.row;
    this.#asked = step === 0 ? this.#asked : false;
    this.reports = step < this.reports.length ? this.reports.with(step, report) : [...this.reports, report];
    if (following) this.step = this.newest;
    this.#show();
    if (step < this.#known) {
      this.#ask();
      return;
    }
    this.replaying = false;
    this.#known = 0;
    if (this.phase === 'starting') this.phase = 'live';
    if (this.#once && step > 0) {
      this.#once = false;
      this.pause();
    } else if (this.phase === 'live') this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#asked) return;
    const wait = waitFor(this.speed, this.#askedAt, performance.now(), this.#once);
    if (wait === 0) this.#ask();
    else this.#timer = setTimeout(() => this.#ask(), wait);
  }

  #ask(): void {
    if (!this.#call || this.#asked) return;
    this.#asked = true;
    this.#askedAt = performance.now();
    this.#call.control('step');
    if (this.speed === 'slow' && !this.replaying) this.part = PARTS[0];
  }

  /** Takes the step whose parts are being played as done. */
  #hurry(): void {
    clearInterval(this.#parts);
    this.part = null;
    if (this.coming) this.#take(this.coming);
  }

  #end(reason: StopReason): void {
    this.#call = null;
    this.reason = reason;
    this.phase = 'stopped';
    this.#settle();
    this.replaying = false;
  }

  #fail(failure: Failure): void {
    this.#call = null;
    if (failure.kind === 'cancelled') return this.#end('cancelled');
    if (failure.kind === 'not-finite') return this.#end('not-finite');
    this.lose();
    this.#failed(failure);
  }

  #settle(): void {
    this.#hurry();
    clearTimeout(this.#timer);
    this.#once = false;
  }

  /** Sends the cloud to the policy of the step that is looked at: the last one measured up to there. */
  #show(): void {
    const reference = this.#reference;
    for (let step = this.step; step >= 0; step--) {
      const measured = this.reports[step]?.logProbs;
      if (!measured || measured.length !== reference.length) continue;
      this.change.to(measured.map((now, i) => now - reference[i]));
      return;
    }
    this.change.to(new Float32Array(reference.length));
  }
}
