import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { chooseBackend, type BackendName } from '../kernels/index.ts';
import {
  readConfig,
  readSafetensors,
  readTokenizer,
  roundWeights,
  writeConfig,
  writeSafetensors,
  writeTokenizer,
} from '../model/checkpoint.ts';
import type { ModelConfig } from '../model/config.ts';
import { modelId } from '../model/id.ts';
import { checkFits } from '../model/fits.ts';
import { createModel, type Model, type Weights } from '../model/parameters.ts';
import { BOS, EOS, GIST, SPECIAL_TOKENS, VOCABULARY } from '../world/tokenizer.ts';
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
export function readModel({ folder, weights }: Place): Model {
  try {
    const config = readConfig(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')));
    const words = readTokenizer(JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8')));
    checkFits(config, words);
    return createModel(config, readSafetensors(config, readFileSync(join(folder, weights))));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = missing
      ? 'a file of it is missing'
      : error instanceof SyntaxError
        ? 'its JSON is damaged'
        : (error as Error).message;
    throw new InputError(`cannot read the model in ${folder}: ${why}`);
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

/** Writes a checkpoint folder: config.json, model.safetensors, tokenizer.json, and run.json with the model's id. */
export async function saveModel(
  folder: string,
  config: ModelConfig,
  weights: Weights,
  run: object,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, value: object) =>
    writeFileSync(join(folder, name), `${JSON.stringify(value, null, name === 'run.json' ? 1 : 2)}\n`);
  write('config.json', writeConfig(config, { bos: BOS, eos: EOS, gist: GIST }));
  write('tokenizer.json', writeTokenizer(VOCABULARY, SPECIAL_TOKENS));
  write('run.json', { id: await modelId(config, roundWeights(weights)), ...run });
  writeFileSync(join(folder, 'model.safetensors'), writeSafetensors(config, weights));
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
