import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ModelId } from '../../model/id.ts';
import type { Parts } from '../../experiments/experiment.ts';

const SOURCE = resolve(import.meta.dirname, '../..');
/** The rooms whose code decides what an experiment finds. */
export const ROOMS = [
  'math',
  'world',
  'kernels',
  'model',
  'train',
  'values',
  'rlaif',
  'analysis',
  'experiments',
] as const;

/** Finished parts in a folder, one JSON file a key. */
export class FolderParts implements Parts {
  readonly #folder: string;
  readonly #ids: Readonly<Record<string, ModelId>>;

  /** `ids` are those, by name, of the models that the parts follow from. */
  constructor(folder: string, ids: Readonly<Record<string, ModelId>>) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#ids = ids;
  }

  about(models: readonly string[]): Parts {
    return new FolderParts(this.#folder, Object.fromEntries(models.map((name) => [name, this.#ids[name]])));
  }

  async once<T>(key: string, make: () => Promise<T>): Promise<T> {
    const address = digest(JSON.stringify([key, this.#ids])).slice(0, 12);
    const file = join(this.#folder, `${key.replace(/[^\w@.-]+/g, '_')}-${address}.json`);
    const kept = read<T>(file);
    if (kept) return kept.part;
    const part = await make();
    // Written beside and renamed, so that a kill at any moment leaves a whole file.
    writeFileSync(`${file}.part`, JSON.stringify({ key, part }));
    renameSync(`${file}.part`, file);
    return part;
  }
}

function read<T>(file: string): { part: T } | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { part: T };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Name of the folder that parts may be shared in: the same settings, the same code. */
export function partsName(id: string, settings: unknown): string {
  return `${id}-${digest(JSON.stringify([settings, sourceDigest()])).slice(0, 16)}`;
}

function sourceDigest(): string {
  const files = ROOMS.flatMap((room) =>
    readdirSync(join(SOURCE, room), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .sort()
      .map((path) => join(room, path)),
  );
  return digest(files.map((path) => digest(path + readFileSync(join(SOURCE, path), 'utf8'))).join());
}
