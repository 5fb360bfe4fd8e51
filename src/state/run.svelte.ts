/**
 * One training run: the rows that came, the one that is looked at, and what the engine is doing.
 *
 * The engine's run is always paused and asked for one step at a time. So the page sets the pace, a pause
 * is exact, and a run that was lost can be replayed from its seed up to where it was.
 */
import type { Call, EngineClient } from '../worker/client.ts';
import { OPENING } from '../worker/opening.ts';
import type { Constitution, Failure, StopReason, TrainArgs, TrainReport } from '../worker/protocol.ts';
import { Morph } from './glide.svelte.ts';
import { failureOf } from './job.svelte.ts';
import type { Speed } from './pace.ts';
import { waitFor } from './pace.ts';
import { Parts } from './parts.svelte.ts';
import { keyOf } from './principles.ts';

export const STEPS = OPENING.steps;
/** nats */
export const KL_BUDGET = OPENING.kl;

/** A dot's area says how often a response is said: its radius, of one that is said as often as before. */
const radiusOf = (change: number) => Math.exp(change / 2);
/** A fifth of a css px, of dots of three. */
const GRAIN = 0.06;

type Phase = 'none' | 'starting' | 'live' | 'paused' | 'stopped';

/** What a run is of: its model, the sample that it is measured on, what is counted as good, by what is judged, and its seed. */
export type RunSettings = Omit<TrainArgs, 'steps' | 'kl' | 'paused'>;

/** A run as it was reported: enough to show it, and to replay it where it goes on. */
export interface KeptRun {
  settings: RunSettings;
  reports: TrainReport[];
  /** The step that was looked at. */
  step: number;
  reason: StopReason | null;
}

export class Run {
  phase = $state<Phase>('none');
  /** Reports by step; reports[0] is before any update. */
  reports = $state.raw<TrainReport[]>([]);
  /** The step that is looked at. */
  step = $state(0);
  reason = $state<StopReason | null>(null);
  speed = $state<Speed>('1×');
  /** What the run was started with; null when there is none. */
  settings = $state.raw<RunSettings | null>(null);
  /** True until the steps that are known already have been done again, after the engine was lost. */
  replaying = $state(false);
  /** The last of them that was. */
  redone = $state(0);
  /** Whose steps are played when the run was recorded; null for a run of the page's own engine. */
  #recording = $state.raw<EngineClient | null>(null);
  readonly parts = new Parts();

  readonly newest: number = $derived(this.reports.length - 1);
  readonly report: TrainReport | null = $derived(this.reports[this.step] ?? null);
  readonly rewound: boolean = $derived(this.step < this.newest);
  readonly constitution: Constitution | null = $derived(this.settings?.constitution ?? null);
  readonly key: string = $derived(this.constitution ? keyOf(this.constitution) : '');
  readonly recorded: boolean = $derived(this.#recording !== null);
  /** True while steps come, be they new or shown again. */
  readonly moving: boolean = $derived(this.phase === 'live' || this.phase === 'starting');
  /** log π(now) − log π₀ of every cloud response, moving between measured steps. */
  readonly change = new Morph(GRAIN, radiusOf);

  readonly #client: () => EngineClient;
  readonly #failed: (failure: Failure) => void;
  readonly #mayBegin: () => boolean;
  /** log π₀ of the cloud's responses. */
  #reference: Float32Array = new Float32Array();
  #call: Call<'train'> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #askedAt = 0;
  #asked = false;
  #once = false;
  /** Steps known before the engine was lost. */
  #known = 0;

  /** `mayBegin` tells whether a first step may be drawn already; when it comes to say so, `begin` goes on. */
  constructor(
    client: () => EngineClient,
    failed: (failure: Failure) => void,
    mayBegin: () => boolean = () => true,
  ) {
    this.#client = client;
    this.#failed = failed;
    this.#mayBegin = mayBegin;
  }

  /** The first step may be drawn now, where the run waited for that. */
  begin(): void {
    if (this.phase === 'live' && !this.#asked) this.#schedule();
  }

  /** What is to be kept of the page's own run. */
  get kept(): KeptRun | null {
    const { settings, reports, step, reason } = this;
    if (!settings || this.recorded || reports.length === 0) return null;
    return { settings, reports, step, reason };
  }

  /** Takes up a run that was kept, as if it had been paused. */
  restore({ settings, reports, step, reason }: KeptRun): void {
    this.reset();
    this.settings = settings;
    this.reports = reports;
    this.reason = reason;
    this.#known = this.newest;
    this.phase = reason ? 'stopped' : 'paused';
    this.look(step);
  }

  /** log π₀ of the cloud on the page, whose areas the run changes. */
  setReference(logProbs: Float32Array): void {
    const sameCloud = logProbs.length === this.#reference.length;
    this.#reference = logProbs;
    this.#show(sameCloud ? undefined : 0);
  }

  /** Starts anew; `once` stops after the first step. */
  start(settings: RunSettings, once = false): void {
    this.reset();
    this.settings = settings;
    this.#once = once;
    this.#begin();
  }

  /** Plays a recorded run, or, where nothing is to move by itself, shows all of it at once. */
  play(recording: EngineClient, settings: RunSettings, still: boolean): void {
    this.reset();
    this.#recording = recording;
    this.settings = settings;
    this.#begin(!still);
  }

  pause(): void {
    if (!this.moving) return;
    this.phase = 'paused';
    this.#settle();
  }

  /** Goes on from the step that is looked at: through those that are known, then to new ones. */
  goOn(once = false): void {
    if (this.moving || (this.phase !== 'paused' && !this.rewound)) return;
    this.#once = once;
    this.phase = 'live';
    this.#schedule();
  }

  setSpeed(speed: Speed): void {
    this.speed = speed;
    this.parts.hurry();
    if (this.phase === 'live' && !this.#asked) this.#schedule();
  }

  /** Looks at an earlier step, or back at the newest. */
  look(step: number): void {
    this.step = Math.max(0, Math.min(this.newest, Math.round(step)));
    if (this.rewound) this.pause();
    this.#show();
  }

  /** Forgets the run. */
  reset(): void {
    this.parts.drop();
    this.#settle();
    const call = this.#call;
    this.#call = null;
    call?.control('cancel');
    this.phase = 'none';
    this.reports = [];
    this.step = 0;
    this.reason = null;
    this.settings = null;
    this.replaying = false;
    this.#recording = null;
    this.#known = 0;
    this.#asked = false;
    this.#show();
  }

  /** The engine is gone: what was reported stays, and going on replays it. */
  lose(): void {
    if (this.recorded) return;
    this.#settle();
    this.#call = null;
    this.#asked = false;
    this.replaying = false;
    this.#known = Math.max(0, this.newest);
    if (this.moving || this.phase === 'paused') this.phase = this.reports.length > 0 ? 'paused' : 'none';
  }

  #begin(paused = true): void {
    this.phase = 'starting';
    this.replaying = this.#known > 0;
    this.redone = 0;
    this.#asked = false;
    const args = { ...this.settings!, steps: STEPS, kl: KL_BUDGET, paused };
    const call = (this.#recording ?? this.#client()).call('train', args, (report) => {
      if (this.#call === call) this.#receive(report);
    });
    this.#call = call;
    call.then(
      ({ reason }) => this.#call === call && this.#end(reason),
      (error: unknown) => this.#call === call && this.#fail(failureOf(error)),
    );
  }

  #receive(report: TrainReport): void {
    const next = this.phase === 'live' && report.row.step === this.step + 1;
    if (this.speed === 'slow' && next) this.parts.play(report, (one) => this.#take(one));
    else this.#take(report);
  }

  #take(report: TrainReport): void {
    const { step } = report.row;
    const shownAgain = this.reports[step] === report;
    if (!shownAgain) this.#keep(report);
    if (this.replaying && !shownAgain) return this.#redo(step);
    if (step === this.step + 1) this.step = step;
    this.#show();
    if (this.phase === 'starting') this.phase = 'live';
    if (this.#once && step > 0) this.pause();
    else if (this.phase === 'live') this.#schedule();
  }

  /** The engine has done a step again that is known. */
  #redo(step: number): void {
    this.redone = step;
    this.replaying = step < this.#known;
    this.#show();
    if (this.phase === 'starting') this.phase = 'live';
    if (this.phase === 'live') this.#schedule();
  }

  /** A report of the engine's: a new step, or one that it did again. */
  #keep(report: TrainReport): void {
    const { step } = report.row;
    if (step > 0) this.#asked = false;
    this.reports = step < this.reports.length ? this.reports.with(step, report) : [...this.reports, report];
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#asked && !this.rewound) return;
    if (this.replaying && !this.rewound) return this.#ask(); // what is known needs no time to be looked at
    const wait = waitFor(this.speed, this.#askedAt, performance.now(), this.#once);
    this.#timer = setTimeout(() => this.#next(), wait);
  }

  /** The next step, from where it is known. */
  #next(): void {
    if (this.rewound) {
      this.#askedAt = performance.now();
      this.#receive(this.reports[this.step + 1]);
    } else if (this.reason) this.phase = 'stopped';
    else if (this.#call) this.#ask();
    else this.#begin();
  }

  #ask(): void {
    if (!this.#call || this.#asked) return;
    if (this.newest === 0 && !this.recorded && !this.#mayBegin()) return;
    this.#asked = true;
    this.#askedAt = performance.now();
    this.#call.control('step');
    if (this.speed === 'slow' && !this.replaying) this.parts.begin();
  }

  #end(reason: StopReason): void {
    this.#call = null;
    this.reason = reason;
    this.replaying = false;
    if (this.phase === 'live' && this.rewound) return; // the end comes when it is shown
    this.phase = 'stopped';
    this.#settle();
  }

  #fail(failure: Failure): void {
    this.#call = null;
    if (failure.kind === 'cancelled') return this.#end('cancelled');
    if (failure.kind === 'not-finite') return this.#end('not-finite');
    this.lose();
    this.#failed(failure);
  }

  #settle(): void {
    this.parts.hurry();
    clearTimeout(this.#timer);
    this.#once = false;
  }

  /** Sends the cloud to the policy of the step that is looked at: the last one measured up to there. */
  #show(ms?: number): void {
    const reference = this.#reference;
    for (let step = this.step; step >= 0; step--) {
      const measured = this.reports[step]?.logProbs;
      if (!measured || measured.length !== reference.length) continue;
      return this.change.to(
        measured.map((now, i) => now - reference[i]),
        ms,
      );
    }
    this.change.to(new Float32Array(reference.length), ms);
  }
}
