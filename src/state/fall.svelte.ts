/** The projection figure's question and its answers: each is measured once, and only when it is looked at. */
import type { EngineClient } from '../worker/client.ts';
import { OPENING } from '../worker/opening.ts';
import type { Ask, Calls, Constitution, Failure, Keep, Projection } from '../worker/protocol.ts';
import { Job } from './job.svelte.ts';
import { keyOf } from './principles.ts';

/** The constitution as it stands, and whether the engine can be asked about it now. */
export interface Subject {
  constitution: Constitution;
  seed: number;
  ready: boolean;
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
      done: (result, { constitution, keep, ask }) => {
        const question = questionOf(constitution, keep, ask);
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
    const { ready, ...subject } = this.#subject();
    if (known) {
      this.job.cancel();
      this.#show(known, question);
    } else if (this.#wanted && ready) {
      this.job.ask({ ...subject, keep: this.keep, ask: this.ask, responses: OPENING.projected });
    }
  }

  /** Shows a recorded answer, until the engine has measured its own. */
  adopt(result: Projection, { constitution, keep, ask }: Calls['project']['args']): void {
    const question = questionOf(constitution, keep, ask);
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
    return questionOf(this.#subject().constitution, this.keep, this.ask);
  }
}

function questionOf(constitution: Constitution, keep: Keep, ask: Ask): string {
  return [keyOf(constitution), keep, ask].join('|');
}
