import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { chooseBackend, type BackendName } from '../kernels/index.ts';
import type { ModelConfig } from '../model/config.ts';
import { checkpointFiles, readCheckpoint } from '../model/folder.ts';
import { modelId } from '../model/id.ts';
import { createModel, type Model, type Weights } from '../model/parameters.ts';
import { roundWeights } from '../model/safetensors.ts';
import { InputError } from './output.ts';
import { placeOf, type Place } from './shipped.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
/** Where the page's models lie. */
export const MODELS = join(ROOT, 'public/models');
/** The model that is meant where none is named. */
export const SHIPPED = join(MODELS, 'base');

export interface ModelFlags {
  model: string;
  backend: BackendName;
}

/** Starts the backend and loads a model by its folder, name or id. Throws InputError with the reason when it cannot be read. */
export async function loadModel({ model, backend }: ModelFlags): Promise<Model> {
  await chooseBackend(backend);
  return readModel(await placeOf(MODELS, model));
}

/** Reads a checkpoint onto the backend that was chosen. Throws InputError with the reason when it cannot be read. */
export async function readModel(place: Place): Promise<Model> {
  const { config, weights } = await readNumbers(place);
  return createModel(config, weights);
}

/** A checkpoint as plain numbers. Throws InputError with the reason when it cannot be read. */
export async function readNumbers({ folder, weights }: Place) {
  try {
    const read = async (name: string) => {
      const file = join(folder, name);
      return existsSync(file) ? readFileSync(file) : null;
    };
    return await readCheckpoint(read, weights);
  } catch (error) {
    throw new InputError(`cannot read the model in ${folder}: ${(error as Error).message}`);
  }
}

/** Makes a folder before the work that will fill it. Throws InputError when it cannot be. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new InputError(`cannot write to the folder ${folder}: ${(error as Error).message}`);
  }
}

/** The folder of a file that is to be written; InputError, before any work, when it can't be. */
export function makeFolderOf(file: string): void {
  makeFolder(dirname(file));
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
    throw new InputError(`cannot write to ${file}: it is a folder`);
}

/** Writes a checkpoint folder, and run.json, which says how the model came about, and its id. */
export async function saveModel(
  folder: string,
  config: ModelConfig,
  weights: Weights,
  run: object,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(checkpointFiles(config, weights)))
    writeFileSync(join(folder, name), bytes);
  const id = await modelId(config, roundWeights(weights));
  writeFileSync(join(folder, 'run.json'), `${JSON.stringify({ id, ...run }, null, 1)}\n`);
}

/** The commit that this code is at, or null outside a checkout. */
export function commitOf(): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
