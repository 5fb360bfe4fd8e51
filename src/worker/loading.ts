/** Where models come from: a folder at an address, the site's list of its models, the bytes of files, or numbers. */
import type { ModelConfig } from '../model/config.ts';
import { CheckpointError } from '../model/error.ts';
import { readCheckpoint } from '../model/folder.ts';
import { modelId, type ModelId } from '../model/id.ts';
import type { Weights } from '../model/parameters.ts';
import { findShipped, readShipped, type ShippedModel } from '../model/shipped.ts';
import type { ModelSource } from './protocol.ts';

/** The model could not be fetched or read. */
export class NoModelError extends Error {
  override readonly name = 'NoModelError';
}

/** Its files came, and are no model. */
class UnreadableError extends NoModelError {}

/** What was loaded is a model, but not the one that was asked for. */
export class OtherModelError extends Error {
  override readonly name = 'OtherModelError';
}

/** A model as plain numbers, which any backend makes its own of. */
export interface LoadedModel {
  id: ModelId;
  config: ModelConfig;
  weights: Weights;
}

export type Get = (url: URL, init?: RequestInit) => Promise<Response>;

export interface Loading {
  get?: Get;
  /** What must come. */
  id?: ModelId;
  /** Told the bytes that have come, and those that will in all where that is known; may throw to cancel. */
  progress?: (bytes: number, total?: number) => Promise<unknown>;
}

/**
 * Reads a model. Throws NoModelError with the reason, OtherModelError when it has not the id that is asked for, and what
 * `progress` throws.
 */
export async function loadModel(
  source: ModelSource,
  { get = fetch, id: expected, progress = async () => {} }: Loading = {},
): Promise<LoadedModel> {
  const wanted = async (init: RequestInit): Promise<LoadedModel> => {
    const { numbers, listed } = await read(source, (url, more) => get(url, { ...init, ...more }), progress);
    const id = await modelId(numbers.config, numbers.weights);
    const other = [expected, listed].find((one) => one !== undefined && one !== id);
    if (other !== undefined)
      throw new OtherModelError(`The model that was loaded is ${id} and not ${other}.`);
    return { id, ...numbers };
  };
  return wanted({}).catch((error: unknown) => {
    // A browser may have kept the files of an earlier version: they are fetched once more past what it kept.
    const old =
      error instanceof OtherModelError || (error instanceof UnreadableError && expected !== undefined);
    if (!old || !isFetched(source)) throw error;
    return wanted({ cache: 'reload' });
  });
}

const isFetched = (source: ModelSource): boolean => typeof source === 'string' || 'shipped' in source;

type Numbers = Omit<LoadedModel, 'id'>;

async function read(
  source: ModelSource,
  get: Get,
  progress: NonNullable<Loading['progress']>,
): Promise<{ numbers: Numbers; listed?: ModelId }> {
  if (typeof source === 'object' && 'config' in source) return { numbers: source };
  if (typeof source === 'object' && 'files' in source) {
    const { files } = source;
    return { numbers: await checkpoint(async (name) => files[name] ?? null) };
  }
  if (typeof source === 'string') {
    const download = new Download(addressOf(source), get, progress);
    return { numbers: await checkpoint((name) => download.file(name)) };
  }
  const { id, folder, weights, bytes } = await shipped(source, get);
  const download = new Download(new URL(folder, addressOf(source.root)).href, get, progress, bytes);
  return { numbers: await checkpoint((name) => download.file(name), weights), listed: id };
}

async function checkpoint(
  file: (name: string) => Promise<Uint8Array | null>,
  weights?: string,
): Promise<Numbers> {
  try {
    return await readCheckpoint(file, weights);
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    throw new UnreadableError(`The model could not be read: ${error.message}.`);
  }
}

async function shipped(
  { shipped: wanted, root }: { shipped: string; root: string },
  get: Get,
): Promise<ShippedModel> {
  let models: ShippedModel[];
  try {
    const response = await get(new URL('index.json', addressOf(root)));
    models = readShipped(await response.json());
  } catch {
    throw new NoModelError('The list of the models that there are could not be loaded.');
  }
  const found = findShipped(models, wanted);
  if (!found) throw new NoModelError(`There is no model of the name or id ${wanted}.`);
  return found;
}

/** A folder's address, which ends in a slash. */
export const addressOf = (folder: string): string => (folder.endsWith('/') ? folder : `${folder}/`);

/** The files of one folder, whose bytes count together. */
class Download {
  #bytes = 0;

  constructor(
    readonly folder: string,
    readonly get: Get,
    readonly progress: NonNullable<Loading['progress']>,
    readonly total?: number,
  ) {}

  /** A file's bytes; null where there is none of this name. */
  async file(name: string): Promise<Uint8Array | null> {
    const aborting = new AbortController();
    const lost = () => new NoModelError(`The model's file ${name} could not be loaded.`);
    const response = await this.#ask(name, aborting.signal).catch(() => null);
    if (response?.status === 404) return null;
    if (!response?.ok || !response.body) throw lost();
    const parts: Uint8Array[] = [];
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw lost();
      });
      if (done) return joined(parts);
      parts.push(value);
      this.#bytes += value.length;
      try {
        await this.progress(this.#bytes, this.total);
      } catch (cancelled) {
        aborting.abort();
        throw cancelled;
      }
    }
  }

  async #ask(name: string, signal: AbortSignal): Promise<Response> {
    return this.get(new URL(name, this.folder), { signal });
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
