/** The page's one model: what the visitor asks, what the engine answers, and what it is doing. */
import type { Call, Connection } from '../worker/client.ts';
import { OPENING } from '../worker/opening.ts';
import type {
  About,
  BackendName,
  Calls,
  Cloud,
  Failure,
  ModelId,
  ModelSource,
  Prediction,
  TrueWeights,
} from '../worker/protocol.ts';
import { keepingList, logProbsOf } from './cloud.ts';
import { Fall } from './fall.svelte.ts';
import { Morph } from './glide.svelte.ts';
import { Job } from './job.svelte.ts';
import { Law } from './law.svelte.ts';
import type { LinkState, LinkTrouble } from './link.ts';
import { keyOf } from './principles.ts';
import { rememberedRace, rememberRace } from './race.ts';
import { Run } from './run.svelte.ts';
import { Selection } from './selection.svelte.ts';
import { weightsKey } from './trueWeights.ts';

/** A pause in the visitor's writing after which the long calculations start, ms. */
const QUIET_MS = 500;

/** An engine that is not up after this long is told of, ms. */
const PATIENCE_MS = 15_000;

/** A sixth of a css px, where ten fill a figure. */
const SCORE_GRAIN = 0.005;

export interface LabOptions {
  connect: () => Connection;
  /** Address of the site's models. */
  models: string;
  /** The model that the page comes with, where the page knows it. */
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
  /** What counts as good. */
  trueWeights = $state.raw<TrueWeights>(OPENING.trueWeights);
  /** Name or id of the model that a link asks for; null for the one that the page comes with. */
  wanted = $state<string | null>(null);
  /** The model that the engine has opened for this page. */
  #model: ModelId | null = null;
  #preparing: Call<'prepare'> | null = null;
  /** What was prepared last, or is. */
  #prepared = '';

  readonly law: Law;
  readonly selection = new Selection();
  readonly start: Job<'start'>;
  readonly loading: Job<'load'>;
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
  readonly judged = $derived.by(() =>
    this.empty || this.judging.failure || !this.#isHere(this.judging.result) ? null : this.judging.result,
  );
  /** True while `judged` answers another constitution than the one that stands. */
  readonly judgedIsOld: boolean = $derived.by(
    () => this.judged !== null && keyOf(this.judging.answered!.constitution) !== this.law.key,
  );
  readonly prediction = $derived.by(() => this.#predicted);
  /** True when the run on the page was trained under another constitution than the one that stands. */
  readonly runIsOther: boolean = $derived.by(
    () => this.run.settings !== null && this.#keyOf(this.run.settings) !== this.#key,
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
    this.trueWeights = link.trueWeights;
    this.wanted = link.model;
    this.trouble = options.trouble;
    this.selection.choose(link.dot);
    const client = () => this.#connection!.client; // nothing is asked before `open`
    const failed = (failure: Failure) => this.#fail(failure);
    const failedLate = (failure: Failure) => this.#failLate(failure);
    const refused = (failure: Failure) => {
      // as with the judge: an engine that could not be asked by these words has not failed
      if (failure.kind === 'bad-input') this.run.reset();
      else this.#fail(failure);
    };
    this.run = new Run(client, refused, () => !this.waiting && !this.predicting.busy);
    this.start = new Job('start', client, {
      failed,
      done: ({ race, model }, asked) => {
        if (race) rememberRace(race);
        this.#opened(model.id, asked.model);
      },
    });
    this.loading = new Job('load', client, {
      interrupts: true,
      failed,
      done: ({ id }, { source }) => this.#opened(id, source),
    });
    this.cloud = new Job('cloud', client, {
      interrupts: true,
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
      done: (judged, { constitution }) => {
        if (!this.#isHere(judged)) return;
        this.scores.to(judged.scores);
        this.#prepare();
        if (this.#rests && keyOf(constitution) === this.law.key) this.#explain();
      },
    });
    this.predicting = new Job('predict', client, {
      interrupts: true,
      failed: failedLate,
      settled: () => this.run.begin(),
    });
    const subject = () => ({
      constitution: this.law.constitution,
      seed: this.seed,
      trueWeights: this.trueWeights,
      about: this.phase === 'ready' && !this.empty ? this.#about : null,
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
    const { wanted: model, seed, trueWeights } = this;
    return {
      principles: this.law.principles,
      seed,
      keep,
      ask,
      dot: this.selection.chosen,
      model,
      trueWeights,
    };
  }

  /** The same question again, after it was stopped. */
  judgeAgain(): void {
    this.#judge();
  }

  predict(): void {
    const about = this.#about;
    if (!about) return;
    const { seed, trueWeights, law } = this;
    this.predicting.ask({ model: about.model, seed, trueWeights, constitution: law.constitution });
  }

  /** Trains, or goes on training, under the constitution as it stands; `once` for a single step. */
  train(once = false): void {
    if (this.empty || this.judging.failure || this.phase !== 'ready') return;
    if (this.goesOn) this.run.goOn(once);
    else if (this.#about) {
      const { seed, trueWeights, law } = this;
      this.run.start({ ...this.#about, seed, trueWeights, constitution: law.constitution }, once);
    }
  }

  /** Gives up what the engine is loading. */
  stopLoading(): void {
    this.start.cancel();
    this.loading.cancel();
    this.cloud.cancel();
    this.#fail({ kind: 'cancelled', message: '' });
  }

  /** Takes over what a link says, as if the page had been opened with it. */
  follow(link: LinkState, trouble: LinkTrouble = null): void {
    this.trouble = trouble;
    this.fall.keep = link.keep;
    this.fall.ask = link.ask;
    this.selection.choose(link.dot);
    const { seed, trueWeights, model } = link;
    const [anew, revalued] = [
      model !== this.wanted,
      weightsKey(trueWeights) !== weightsKey(this.trueWeights),
    ];
    const reseeded = seed !== this.seed;
    this.seed = seed;
    this.trueWeights = trueWeights;
    this.wanted = model;
    if (anew || reseeded) {
      // everything that was drawn was drawn of another model, or from another seed
      this.run.reset();
      for (const job of [this.cloud, this.judging, this.predicting]) job.clear();
      this.fall.forget();
    }
    if (this.#connection && this.phase !== 'failed' && (anew || reseeded || revalued)) {
      this.phase = 'starting';
      if (anew) this.#load();
      else if (this.#model) this.#sample(); // else it is on its way
    }
    this.law.replace(link.principles);
    this.fall.measure();
  }

  #start(): void {
    this.phase = 'starting';
    this.failure = null;
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => (this.slow = true), PATIENCE_MS);
    this.#model = null;
    this.#prepared = '';
    const { id, backend } = this.#options;
    const race = rememberedRace();
    this.start.ask({
      model: this.#source,
      ...(id && this.wanted === null ? { id } : {}),
      ...(backend ? { backend } : {}),
      ...(race ? { race } : {}),
    });
  }

  #settle(): void {
    clearTimeout(this.#patience);
    this.slow = false;
  }

  /** Where the model comes from that is asked for. */
  get #source(): ModelSource {
    const { models } = this.#options;
    return this.wanted === null ? `${models}base/` : { shipped: this.wanted, root: models };
  }

  #load(): void {
    this.#model = null;
    if (this.start.busy) return; // it will ask when it has started
    const { id } = this.#options;
    this.loading.ask({ source: this.#source, ...(id && this.wanted === null ? { id } : {}) });
  }

  /** The engine has a model now: the one that is asked for, unless that has changed since. */
  #opened(id: ModelId, source: ModelSource): void {
    if (JSON.stringify(source) !== JSON.stringify(this.#source)) return this.#load();
    this.#model = id;
    this.#sample();
  }

  /** What verdicts, projections and training are about: the responses on the page. */
  get #about(): About | null {
    const { result, recorded } = this.cloud;
    return result && !recorded ? { model: result.model, sample: result.sample } : null;
  }

  /** Whether an answer is about the responses on the page. */
  #isHere(answer: About | null): boolean {
    const { result } = this.cloud;
    return answer !== null && answer.model === result?.model && answer.sample === result.sample;
  }

  /** The prediction of what stands now, if that is what was predicted last. */
  get #predicted(): Prediction | null {
    const { answered, result } = this.predicting;
    if (!answered || this.empty || this.#keyOf(answered) !== this.#key) return null;
    return result!.model === this.cloud.result?.model ? result : null;
  }

  get #key(): string {
    return this.#keyOf({ trueWeights: this.trueWeights, constitution: this.law.constitution });
  }

  /** What makes two runs, or two predictions, different. */
  #keyOf({
    trueWeights,
    constitution,
  }: Pick<Calls['predict']['args'], 'trueWeights' | 'constitution'>): string {
    return `${keyOf(constitution)}|${weightsKey(trueWeights)}`;
  }

  #sample(): void {
    const { situations, responses } = OPENING;
    const { seed, trueWeights } = this;
    this.cloud.ask({ model: this.#model!, seed, trueWeights, situations, responses });
  }

  /** The engine has drawn its cloud, in the place of a recorded one or of that of the engine before. */
  #paint(cloud: Cloud, before: Cloud | null): void {
    const reference = logProbsOf(cloud);
    if (before?.sample !== cloud.sample) {
      this.fall.forget();
      this.judging.clear();
      this.scores.to(new Float32Array(cloud.responses.length), 0);
    }
    if (this.run.settings && !this.#isHere(this.run.settings)) this.run.reset();
    this.run.setReference(reference);
    if ((this.selection.chosen ?? 0) >= cloud.responses.length) this.selection.choose(null);
    this.phase = 'ready';
    this.#settle();
    this.#judge();
  }

  /** Lets the engine do beforehand, while nobody waits for it, what every prediction takes. */
  #prepare(): void {
    const { seed, trueWeights } = this;
    const model = this.#about?.model;
    const key = [model, seed, weightsKey(trueWeights)].join();
    if (!model || key === this.#prepared) return;
    this.#prepared = key;
    this.#preparing?.control('cancel');
    this.#preparing = this.#connection!.client.call('prepare', { model, seed, trueWeights });
    this.#preparing.catch(() => {}); // who asks for a prediction will be told
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
    const { trueWeights, law } = this;
    this.judging.ask({ ...this.#about!, trueWeights, constitution: law.constitution });
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
    this.run.begin(); // where it only waited for this
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
