import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { partName, type Part } from '../../experiments/framework/parts.ts';
import type { ResultCache } from '../../experiments/framework/run.ts';
import type { ModelId } from '../../model/id.ts';

/** What rows follow from besides their parts. */
export interface Origin {
  /** Hash of the code that computes them. */
  code: string;
  backend: string;
  /** The id of a model by its name. */
  idOf(name: string): Promise<ModelId>;
}

/** A kept row. */
interface Kept {
  name: string;
  given: object;
  /** Seconds that it took, and that were told beforehand. */
  seconds: number;
  expected: number;
  row: unknown;
}

/**
 * Rows in a folder, a JSON file each, named by all that it follows from: its key, its settings, its models' weights, the
 * code, the backend. So folders of several machines merge by copying, and nothing that is there is ever wrong.
 */
export class FolderCache implements ResultCache {
  readonly #folder: string;
  readonly #origin: Origin;

  constructor(folder: string, origin: Origin) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#origin = origin;
  }

  async #file(part: Part): Promise<string> {
    const { code, backend, idOf } = this.#origin;
    const ids = await Promise.all(part.models.map(idOf));
    const address = createHash('sha256')
      .update(JSON.stringify([part.kind, part.at, part.given, ids, code, backend]))
      .digest('hex');
    return join(
      this.#folder,
      `${partName(part)
        .replace(/[^\w@.-]+/g, '_')
        .slice(0, 120)}-${address.slice(0, 16)}.json`,
    );
  }

  async has(part: Part): Promise<boolean> {
    return existsSync(await this.#file(part));
  }

  async getOrCompute(part: Part, compute: () => Promise<unknown>): Promise<unknown> {
    const file = await this.#file(part);
    const kept = read(file);
    if (kept) return kept.row;
    const started = performance.now();
    const row = await compute();
    const seconds = (performance.now() - started) / 1000;
    const text = JSON.stringify({
      name: partName(part),
      given: part.given,
      seconds,
      expected: part.seconds,
      row,
    } satisfies Kept);
    // Written beside and renamed, so that a kill at any moment leaves a whole file; by its process, for there may be several.
    const beside = `${file}.${process.pid}.part`;
    writeFileSync(beside, text);
    renameSync(beside, file);
    return (JSON.parse(text) as Kept).row; // what is computed is what is read
  }

  /** Seconds that a kept row took; null where it is not kept. */
  async secondsOf(part: Part): Promise<number | null> {
    return read(await this.#file(part))?.seconds ?? null;
  }

  /**
   * Seconds that a part will take: what a row of its name and settings took before, by whatever code; else what the
   * experiment expects, corrected by how long other rows of such settings took beside what was expected of them.
   */
  expectations(): (part: Part) => number {
    const recorded = new Map<string, number>();
    const sums = new Map<string, { seconds: number; expected: number }>();
    for (const file of readdirSync(this.#folder).filter((name) => name.endsWith('.json'))) {
      const { name, given, seconds, expected } = read(join(this.#folder, file))!;
      recorded.set(JSON.stringify([name, given]), seconds);
      const sum = sums.get(JSON.stringify(given)) ?? { seconds: 0, expected: 0 };
      sums.set(JSON.stringify(given), {
        seconds: sum.seconds + seconds,
        expected: sum.expected + expected,
      });
    }
    return (part) => {
      const like = sums.get(JSON.stringify(part.given));
      const factor = like && like.expected > 0 ? like.seconds / like.expected : 1;
      return recorded.get(JSON.stringify([partName(part), part.given])) ?? factor * part.seconds;
    };
  }
}

function read(file: string): Kept | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
