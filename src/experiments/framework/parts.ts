/** The rows that an experiment is made of: each is computed by itself, on any machine, and kept. */
import { keyText, type Key } from '../../analysis/moments.ts';
import type { Model } from '../../model/parameters.ts';
import type { ModelRecord } from './models.ts';

/** What the parts of one group share while they are computed one after the other in one process. */
export interface Resources {
  /** A model by name, loaded at its first use and disposed of after the group. Throws as the source of models does. */
  model: (name: string) => Promise<Model>;
  /** What its run.json tells. */
  record: (name: string) => Promise<ModelRecord>;
  /** Anything else: made at its first use. What it holds of models is gone after the group. */
  once: <T>(key: string, make: () => Promise<T>) => Promise<T>;
}

/**
 * One row of an experiment. It follows from its key, `given`, its models and the code alone, never from what was computed
 * before it, so that it comes out the same wherever and whenever it is computed.
 */
export interface Part<Kind extends string = string, Row = unknown> {
  kind: Kind;
  /** Which of its kind: model, seed, constitution and so on. */
  at: Key;
  /** Models that it follows from, by name. */
  models: readonly string[];
  /** The settings that it follows from besides its key: another of them is another row. */
  given: object;
  /** Seconds of one core, roughly: what `--plan` says before any was recorded, and what work is shared out by. */
  seconds: number;
  /** Parts of the same group share resources; those of the same models if nothing else is said. */
  group?: string;
  /** The list of parts depends on this one: up to so many more, of so many seconds in all. */
  decides?: { parts: number; seconds: number };
  compute(resources: Resources): Promise<Row>;
}

/** A part of any kind, by the type of each kind's rows. */
export type PartOf<Rows> = { [Kind in keyof Rows & string]: Part<Kind, Rows[Kind]> }[keyof Rows & string];

/** A part's name: "trial/kind-64-0/dpo/prompted/3/honesty". */
export const partName = ({ kind, at }: Pick<Part, 'kind' | 'at'>): string => [kind, ...at].join('/');

export const groupOf = ({ group, models }: Part): string => group ?? models.join(' ');

/** The rows that were computed, by kind and key. */
export class Findings<Rows> {
  readonly #rows = new Map<string, unknown>();

  add({ kind, at }: Pick<Part, 'kind' | 'at'>, row: unknown): void {
    this.#rows.set(keyText([kind, ...at]), row);
  }

  has(kind: keyof Rows & string, ...at: Key): boolean {
    return this.#rows.has(keyText([kind, ...at]));
  }

  /** Throws RangeError when there is no such row. */
  get<Kind extends keyof Rows & string>(kind: Kind, ...at: Key): Rows[Kind] {
    const text = keyText([kind, ...at]);
    if (!this.#rows.has(text)) throw new RangeError(`the row ${text} was not computed`);
    return this.#rows.get(text) as Rows[Kind];
  }
}
