/** The projection figure's question and its answers: each is measured once, and only when it is looked at. */
import type { EngineClient } from '../worker/client.ts';
import { OPENING } from '../worker/opening.ts';
import type {
  About,
  Ask,
  Calls,
  Constitution,
  Failure,
  Keep,
  Projection,
  TrueWeights,
} from '../worker/protocol.ts';
import { Job } from './job.svelte.ts';
import { keyOf } from './principles.ts';
import { weightsKey } from './trueWeights.ts';

/** The constitution as it stands, and what the engine can be asked about it now; null while there is no sample. */
export interface Subject {
  constitution: Constitution;
  seed: number;
  trueWeights: TrueWeights;
  about: About | null;
}

export class Fall {
  keep = $state<Keep>('plane');
  ask = $state<Ask>('constitution');
  /** The answer that is shown; null when there is none. */
  result = $state.raw<Projection | null>(null);
  /** What `result` was measured for. */
  #shown = $state('');
  /** True while what is shown answers another question than the one that stands. */
  readonly isOld: boolean = $derived.by(() => this.result !== null && this.#shown !== this.#question());
  readonly job: Job<'project'>;

  readonly #subject: () => Subject;
  readonly #known = new Map<string, Projection>();
  #wanted = false;

  constructor(client: () => EngineClient, subject: () => Subject, failed: (failure: Failure) => void) {
    this.#subject = subject;
    this.job = new Job('project', client, {
      interrupts: true,
      failed,
      done: (result, asked) => {
        const question = questionOf(asked);
        this.#known.set(question, result);
        this.#show(result, question);
      },
    });
  }

  /** The figure has come into view; only from now on is it worth measuring. */
  want(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.measure();
  }

  setKeep(keep: Keep): void {
    this.keep = keep;
    this.measure();
  }

  setAsk(ask: Ask): void {
    this.ask = ask;
    this.measure();
  }

  /** Shows the answer to the question that stands: the one that is known, or else the engine's. */
  measure(): void {
    const question = this.#question();
    const known = this.#known.get(question);
    const { about, constitution, seed, trueWeights } = this.#subject();
    if (known) {
      this.job.cancel();
      this.#show(known, question);
    } else if (this.#wanted && about) {
      const { keep, ask } = this;
      this.job.ask({ ...about, constitution, seed, trueWeights, keep, ask, responses: OPENING.projected });
    }
  }

  /** Shows a recorded answer, until the engine has measured its own. */
  adopt(result: Projection, asked: Calls['project']['args']): void {
    const question = questionOf(asked);
    if (question === this.#question()) this.#show(result, question);
  }

  /** Forgets every answer: they were about other responses. */
  forget(): void {
    this.job.cancel();
    this.#known.clear();
    this.result = null;
  }

  #show(result: Projection, question: string): void {
    this.result = result;
    this.#shown = question;
  }

  #question(): string {
    const { keep, ask } = this;
    return questionOf({ ...this.#subject(), keep, ask });
  }
}

type Question = Pick<Calls['project']['args'], 'constitution' | 'trueWeights' | 'keep' | 'ask'>;

/** Of one sample: when there is another, every answer is forgotten. */
const questionOf = ({ constitution, trueWeights, keep, ask }: Question): string =>
  [keyOf(constitution), weightsKey(trueWeights), keep, ask].join('|');
