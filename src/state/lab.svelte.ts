/** The page's one model: what the visitor asks, what the engine answers, and what it is doing. */
import type { ModelId } from '../model/id.ts';
import type { Connection } from '../worker/client.ts';
import { OPENING } from '../worker/opening.ts';
import type { BackendName, Cloud, Failure } from '../worker/protocol.ts';
import { keepingList, logProbsOf, sameCloud } from './cloud.ts';
import { Fall } from './fall.svelte.ts';
import { Morph } from './glide.svelte.ts';
import { Job } from './job.svelte.ts';
import { Law } from './law.svelte.ts';
import type { LinkState, LinkTrouble } from './link.ts';
import { keyOf } from './principles.ts';
import { rememberedRace, rememberRace } from './race.ts';
import { Run } from './run.svelte.ts';
import { Selection } from './selection.svelte.ts';

/** A pause in the visitor's writing after which the long calculations start, ms. */
const QUIET_MS = 500;

/** An engine that is not up after this long is told of, ms. */
const PATIENCE_MS = 15_000;

/** A sixth of a css px, where ten fill a figure. */
const SCORE_GRAIN = 0.005;

export interface LabOptions {
  connect: () => Connection;
  model: string;
  /** What the model must be. */
  id?: ModelId;
  backend?: BackendName;
  link: LinkState;
  trouble: LinkTrouble;
}

export class Lab {
  readonly #options: LabOptions;
  #connection: Connection | null = null;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  /** True while the engine takes so long to start that something of it may never come. */
  slow = $state(false);
  /** True when the visitor has paused since the last edit. */
  #rests = false;
  /** True from an edit until the calculations that wait for the visitor to rest have been asked for. */
  waiting = $state(false);

  phase = $state<'starting' | 'ready' | 'failed'>('starting');
  failure = $state.raw<Failure | null>(null);
  trouble = $state<LinkTrouble>(null);
  seed = $state(OPENING.seed);

  readonly law: Law;
  readonly selection = new Selection();
  readonly start: Job<'start'>;
  readonly cloud: Job<'cloud'>;
  readonly judging: Job<'judge'>;
  readonly predicting: Job<'predict'>;
  readonly fall: Fall;
  readonly run: Run;
  /** The judge's score of every cloud response, moving from one constitution to the next. */
  readonly scores = new Morph(SCORE_GRAIN);

  /** True where no principle has any weight: the judge is asked for just good or bad. */
  readonly bare: boolean = $derived.by(() => this.law.constitution.principles.length === 0 && !this.empty);
  /** True where principles are written of which the model can read none: nothing can be judged. */
  readonly empty: boolean = $derived.by(() => this.law.unread);
  /** What the judge says under the constitution as it stands; null until it has said it. */
  readonly judged = $derived.by(() => (this.empty || this.judging.failure ? null : this.judging.result));
  /** True while `judged` answers another constitution than the one that stands. */
  readonly judgedIsOld: boolean = $derived.by(
    () => this.judged !== null && keyOf(this.judging.answered!.constitution) !== this.law.key,
  );
  readonly prediction = $derived.by(() =>
    this.predicting.answered && keyOf(this.predicting.answered.constitution) === this.law.key && !this.empty
      ? this.predicting.result
      : null,
  );
  /** True when the run on the page was trained under another constitution than the one that stands. */
  readonly runIsOther: boolean = $derived.by(
    () => this.run.constitution !== null && this.run.key !== this.law.key,
  );
  /** True where training goes on with the run that is there. */
  readonly goesOn: boolean = $derived.by(
    () => (this.run.phase === 'paused' || this.run.rewound) && !this.runIsOther && !this.run.recorded,
  );
  /** True where all of the run is done: a step more would be the first of another. */
  readonly ended: boolean = $derived.by(
    () => this.run.phase === 'stopped' && !this.run.rewound && !this.runIsOther && !this.run.recorded,
  );
  /** True while the responses on the page, their verdicts or their training were recorded, not computed here. */
  readonly recorded: boolean = $derived.by(
    () => this.run.recorded || this.cloud.recorded || this.judging.recorded,
  );

  constructor(options: LabOptions) {
    this.#options = options;
    const { link } = options;
    this.law = new Law(link.principles, () => this.#judge());
    this.seed = link.seed;
    this.trouble = options.trouble;
    this.selection.choose(link.dot);
    const client = () => this.#connection!.client; // nothing is asked before `open`
    const failed = (failure: Failure) => this.#fail(failure);
    const failedLate = (failure: Failure) => this.#failLate(failure);
    this.run = new Run(client, (failure) => {
      // as with the judge: an engine that could not be asked by these words has not failed
      if (failure.kind === 'bad-input') this.run.reset();
      else this.#fail(failure);
    });
    this.start = new Job('start', client, {
      failed,
      done: ({ race }, { seed }) => {
        if (race) rememberRace(race);
        if (seed === this.seed) this.#sample(); // else a start with the newer seed is on its way
      },
    });
    this.cloud = new Job('cloud', client, {
      keep: keepingList,
      failed,
      done: (cloud, _, before) => this.#paint(cloud, before),
    });
    this.judging = new Job('judge', client, {
      failed: (failure) => {
        // words that the judge cannot be asked with are the constitution's matter, not the engine's
        if (failure.kind !== 'bad-input') this.#fail(failure);
        else this.scores.to(new Float32Array(this.scores.target.length));
      },
      done: ({ scores }, { constitution }) => {
        this.scores.to(scores);
        if (this.#rests && keyOf(constitution) === this.law.key) this.#explain();
      },
    });
    this.predicting = new Job('predict', client, { interrupts: true, failed: failedLate });
    const subject = () => ({
      constitution: this.law.constitution,
      seed: this.seed,
      ready: this.phase === 'ready' && !this.empty,
    });
    this.fall = new Fall(client, subject, failedLate);
    this.fall.keep = link.keep;
    this.fall.ask = link.ask;
  }

  /** Starts the engine, or a new one; what was written and recorded stays. */
  open(): void {
    this.#connection?.stop();
    this.#connection = this.#options.connect();
    this.#start();
  }

  /** What a link to this page as it stands would say. */
  get link(): LinkState {
    const { keep, ask } = this.fall;
    return { principles: this.law.principles, seed: this.seed, keep, ask, dot: this.selection.chosen };
  }

  /** The same question again, after it was stopped. */
  judgeAgain(): void {
    this.#judge();
  }

  predict(): void {
    this.predicting.ask({ constitution: this.law.constitution, seed: this.seed });
  }

  /** Trains, or goes on training, under the constitution as it stands; `once` for a single step. */
  train(once = false): void {
    if (this.empty || this.judging.failure || this.phase !== 'ready') return;
    if (this.goesOn) this.run.goOn(once);
    else this.run.start(this.law.constitution, this.seed, once);
  }

  /** Gives up what the engine is loading. */
  stopLoading(): void {
    this.start.cancel();
    this.cloud.cancel();
    this.#fail({ kind: 'cancelled', message: '' });
  }

  /** Takes over what a link says, as if the page had been opened with it. */
  follow(link: LinkState, trouble: LinkTrouble = null): void {
    this.trouble = trouble;
    this.fall.keep = link.keep;
    this.fall.ask = link.ask;
    this.selection.choose(link.dot);
    const reseed = link.seed !== this.seed;
    this.seed = link.seed;
    if (reseed) {
      // everything that was drawn was drawn from another seed
      this.run.reset();
      for (const job of [this.cloud, this.judging, this.predicting]) job.clear();
      this.fall.forget();
      if (this.#connection && this.phase !== 'failed') this.#start();
    }
    this.law.replace(link.principles);
    this.fall.measure();
  }

  #start(): void {
    this.phase = 'starting';
    this.failure = null;
    const { model, id, backend } = this.#options;
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => (this.slow = true), PATIENCE_MS);
    const race = rememberedRace();
    this.start.ask({
      model,
      ...(id ? { id } : {}),
      seed: this.seed,
      ...(backend ? { backend } : {}),
      ...(race ? { race } : {}),
    });
  }

  #settle(): void {
    clearTimeout(this.#patience);
    this.slow = false;
  }

  #sample(): void {
    const { situations, responses } = OPENING;
    this.cloud.ask({ seed: this.seed, situations, responses });
  }

  /** The engine has drawn its cloud, in the place of a recorded one or of that of the engine before. */
  #paint(cloud: Cloud, before: Cloud | null): void {
    const reference = logProbsOf(cloud);
    const other = before !== null && !sameCloud(cloud, before);
    if (other) this.fall.forget();
    if (other || !this.run.fits(reference)) this.run.reset();
    this.run.setReference(reference);
    if ((this.selection.chosen ?? 0) >= cloud.responses.length) this.selection.choose(null);
    this.phase = 'ready';
    this.#settle();
    this.#judge();
  }

  /** Asks for the verdicts under the constitution as it stands, then, when it rests, for the rest. */
  #judge(): void {
    if (this.runIsOther) this.run.pause();
    clearTimeout(this.#quiet);
    this.predicting.cancel();
    this.fall.job.cancel();
    if (this.empty) this.fall.result = null;
    if (this.phase !== 'ready') return;
    if (this.empty) {
      this.judging.cancel();
      this.scores.to(new Float32Array(this.scores.target.length));
      return;
    }
    this.judging.ask({ constitution: this.law.constitution });
    this.waiting = true;
    this.#rests = false;
    this.#quiet = setTimeout(() => {
      this.#rests = true;
      if (!this.judging.busy) this.#explain(); // else after its answer, which must not wait for the rest
    }, QUIET_MS);
  }

  #explain(): void {
    this.waiting = false;
    if (this.phase !== 'ready' || this.empty || this.judging.failure) return;
    this.fall.measure();
    if (!this.prediction) this.predict();
  }

  #fail(failure: Failure): void {
    if (this.phase === 'failed') return;
    clearTimeout(this.#quiet);
    this.phase = 'failed';
    this.#settle();
    this.failure = failure;
    this.run.lose();
    for (const job of [this.judging, this.predicting, this.fall.job]) job.cancel();
  }

  /** A prediction or a projection without a result is its figure's matter, unless the engine is gone. */
  #failLate(failure: Failure): void {
    if (failure.kind === 'worker-died' || failure.kind === 'device-lost') this.#fail(failure);
  }
}
