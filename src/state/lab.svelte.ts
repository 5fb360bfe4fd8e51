/** The page's one model: what the visitor wrote, what the engine answered, and what it is doing. */
import type { EngineClient } from '../worker/client.ts';
import type { Ask, BackendName, Failure, Keep, Projection } from '../worker/protocol.ts';
import { Morph } from './glide.svelte.ts';
import type { History } from './history.ts';
import { begin, edit, redo, seal, undo } from './history.ts';
import { Job } from './job.svelte.ts';
import type { LinkState, LinkTrouble } from './link.ts';
import type { Principles } from './principles.ts';
import { constitutionOf, isEmpty, keyOf, weighed, without, withPhrases } from './principles.ts';
import { Run } from './run.svelte.ts';
import { Selection } from './selection.svelte.ts';

export const SITUATIONS = 30;
export const RESPONSES = 20;
export const PROJECTED = 120;
/** A pause in the visitor's writing after which the long calculations start, ms. */
const QUIET_MS = 500;

export interface Connection {
  client: EngineClient;
  stop: () => void;
}

export interface LabOptions {
  connect: () => Connection;
  model: string;
  backend?: BackendName;
  link: LinkState;
  trouble: LinkTrouble;
}

export class Lab {
  readonly #options: LabOptions;
  #connection: Connection;
  #history = $state.raw<History<Principles>>(begin<Principles>([]));
  #quiet: ReturnType<typeof setTimeout> | undefined;
  /** True from an edit until the calculations that wait for the visitor to rest have been asked for. */
  waiting = $state(false);
  #projections = new Map<string, Projection>();
  #wantsProjection = false;

  phase = $state<'starting' | 'ready' | 'failed'>('starting');
  failure = $state.raw<Failure | null>(null);
  trouble = $state<LinkTrouble>(null);
  seed = $state(7);
  keep = $state<Keep>('plane');
  ask = $state<Ask>('constitution');
  projection = $state.raw<Projection | null>(null);
  /** What `projection` was measured for. */
  projected = $state.raw('');

  readonly selection = new Selection();
  readonly start: Job<'start'>;
  readonly cloud: Job<'cloud'>;
  readonly judging: Job<'judge'>;
  readonly predicting: Job<'predict'>;
  readonly projecting: Job<'project'>;
  readonly run: Run;
  /** The judge's score of every cloud response, moving from one constitution to the next. */
  readonly scores = new Morph();

  readonly principles: Principles = $derived.by(() => this.#history.now);
  readonly canUndo: boolean = $derived.by(() => this.#history.past.length > 0);
  readonly canRedo: boolean = $derived.by(() => this.#history.future.length > 0);
  readonly constitution = $derived(constitutionOf(this.principles));
  readonly key: string = $derived(keyOf(this.constitution));
  readonly vocabulary: ReadonlySet<string> | null = $derived.by(() =>
    this.start.result ? new Set(this.start.result.vocabulary) : null,
  );
  readonly empty: boolean = $derived.by(() => isEmpty(this.principles, this.vocabulary));
  /** What the judge says under the constitution as it stands; null until it has said it. */
  readonly judged = $derived.by(() => (this.empty || this.judging.failure ? null : this.judging.result));
  /** True while `judged` answers another constitution than the one that stands. */
  readonly judgedIsOld: boolean = $derived.by(
    () => this.judged !== null && keyOf(this.judging.answered!.constitution) !== this.key,
  );
  readonly prediction = $derived.by(() =>
    this.predicting.answered && keyOf(this.predicting.answered.constitution) === this.key && !this.empty
      ? this.predicting.result
      : null,
  );
  /** True while the projection on the page is of another question than the one that stands. */
  readonly projectionIsOld: boolean = $derived.by(
    () => this.projection !== null && this.projected !== projectionKey(this.key, this.keep, this.ask),
  );
  /** True when the run on the page was trained under another constitution than the one that stands. */
  readonly runIsOther: boolean = $derived.by(
    () => this.run.constitution !== null && this.run.key !== this.key,
  );

  constructor(options: LabOptions) {
    this.#options = options;
    const { link } = options;
    this.#history = begin(link.principles);
    this.seed = link.seed;
    this.keep = link.keep;
    this.ask = link.ask;
    this.trouble = options.trouble;
    this.selection.choose(link.dot);
    this.#connection = options.connect();
    const client = () => this.#connection.client;
    const failed = (failure: Failure) => this.#fail(failure);
    this.run = new Run(client, failed);
    this.start = new Job('start', client, { failed, done: () => this.#sample() });
    this.cloud = new Job('cloud', client, {
      failed,
      done: ({ responses }) => {
        this.run.setReference(Float32Array.from(responses, (one) => one.logProb));
        if ((this.selection.chosen ?? 0) >= responses.length) this.selection.choose(null);
        this.phase = 'ready';
        this.#judge();
      },
    });
    this.judging = new Job('judge', client, {
      failed: (failure) => {
        // words that the judge cannot be asked with are the constitution's matter, not the engine's
        if (failure.kind !== 'bad-input') this.#fail(failure);
        else this.scores.to(new Float32Array(this.scores.target.length));
      },
      done: ({ scores }) => this.scores.to(scores),
    });
    this.predicting = new Job('predict', client, { interrupts: true, failed: (one) => this.#failLate(one) });
    this.projecting = new Job('project', client, {
      interrupts: true,
      failed: (one) => this.#failLate(one),
      done: (result, args) => {
        this.#projections.set(projectionKey(keyOf(args.constitution), args.keep, args.ask), result);
        this.projection = result;
        this.projected = projectionKey(keyOf(args.constitution), args.keep, args.ask);
      },
    });
    this.#open();
  }

  /** What a link to this page as it stands would say. */
  get link(): LinkState {
    const { principles, seed, keep, ask } = this;
    return { principles, seed, keep, ask, dot: this.selection.chosen };
  }

  // --- the constitution

  add(text: string): void {
    this.#set(withPhrases(this.principles, text));
  }

  remove(place: number): void {
    this.#set(without(this.principles, place));
  }

  weigh(place: number, weight: number): void {
    this.#set(weighed(this.principles, place, weight), `weight ${place}`);
  }

  /** The slider was let go: the next pull is undone on its own. */
  letGo(): void {
    this.#history = seal(this.#history);
  }

  undo(): void {
    this.#travel(undo(this.#history));
  }

  redo(): void {
    this.#travel(redo(this.#history));
  }

  #set(principles: Principles, gesture: string | null = null): void {
    if (principles === this.principles) return;
    this.#travel(edit(this.#history, principles, gesture));
  }

  #travel(history: History<Principles>): void {
    if (history === this.#history) return;
    const before = this.key;
    this.#history = history;
    if (this.key !== before) this.#judge();
  }

  /** Asks for the verdicts under the constitution as it stands, then, when it rests, for the rest. */
  #judge(): void {
    if (this.runIsOther) this.run.pause();
    clearTimeout(this.#quiet);
    this.predicting.cancel();
    this.projecting.cancel();
    if (this.empty) this.projection = null;
    if (this.phase !== 'ready') return;
    if (this.empty) {
      this.judging.cancel();
      this.scores.to(new Float32Array(this.scores.target.length));
      return;
    }
    this.judging.ask({ constitution: this.constitution });
    this.waiting = true;
    this.#quiet = setTimeout(() => this.#explain(), QUIET_MS);
  }

  #explain(): void {
    this.waiting = false;
    if (this.phase !== 'ready' || this.empty || this.judging.failure) return;
    this.#project();
    if (!this.prediction) this.predict();
  }

  /** The same question again, after it was stopped. */
  judgeAgain(): void {
    this.#judge();
  }

  predict(): void {
    this.predicting.ask({ constitution: this.constitution, seed: this.seed });
  }

  // --- the projection

  /** The figure has come into view; only from now on is it worth measuring. */
  wantProjection(): void {
    if (this.#wantsProjection) return;
    this.#wantsProjection = true;
    if (this.phase === 'ready') this.#project();
  }

  setKeep(keep: Keep): void {
    this.keep = keep;
    this.#project();
  }

  setAsk(ask: Ask): void {
    this.ask = ask;
    this.#project();
  }

  #project(): void {
    const key = projectionKey(this.key, this.keep, this.ask);
    const known = this.#projections.get(key);
    if (known) {
      this.projecting.cancel();
      this.projection = known;
      this.projected = key;
    } else if (this.#wantsProjection && this.phase === 'ready' && !this.empty) {
      const { constitution, keep, ask, seed } = this;
      this.projecting.ask({ constitution, keep, ask, seed, responses: PROJECTED });
    }
  }

  /** The same again, after it failed or was stopped. */
  projectAgain(): void {
    this.#project();
  }

  // --- training

  train(once = false): void {
    if (this.empty || this.judging.failure || this.phase !== 'ready') return;
    if (this.run.phase === 'paused' && !this.runIsOther) this.run.goOn(once);
    else this.run.start(this.constitution, this.seed, once);
  }

  // --- the engine

  /** Starts a new engine; what was written and recorded stays. */
  restart(): void {
    this.#connection.stop();
    this.#connection = this.#options.connect();
    this.#open();
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
    this.keep = link.keep;
    this.ask = link.ask;
    this.selection.choose(link.dot);
    const reseed = link.seed !== this.seed;
    this.seed = link.seed;
    if (reseed) this.run.reset();
    this.#set(link.principles);
    if (reseed && this.phase === 'ready') this.#sample();
    else this.#project();
  }

  #open(): void {
    this.phase = 'starting';
    this.failure = null;
    const { model, backend } = this.#options;
    this.start.ask({ model, seed: this.seed, ...(backend ? { backend } : {}) });
  }

  #sample(): void {
    this.#projections.clear();
    this.projection = null;
    this.cloud.ask({ seed: this.seed, situations: SITUATIONS, responses: RESPONSES });
  }

  #fail(failure: Failure): void {
    if (this.phase === 'failed') return;
    clearTimeout(this.#quiet);
    this.phase = 'failed';
    this.failure = failure;
    this.run.lose();
    for (const job of [this.judging, this.predicting, this.projecting]) job.cancel();
  }

  /** A prediction or a projection without a result is its figure's matter, unless the engine is gone. */
  #failLate(failure: Failure): void {
    if (failure.kind === 'worker-died' || failure.kind === 'device-lost') this.#fail(failure);
  }
}

function projectionKey(constitution: string, keep: Keep, ask: Ask): string {
  return [constitution, keep, ask].join('|');
}
