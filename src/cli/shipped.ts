import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../model/checkpoint.ts';
import { modelId, type ModelId } from '../model/id.ts';
import { parameterCount } from '../model/parameters.ts';
import { readSafetensors } from '../model/safetensors.ts';
import { findShipped, type ShippedModel } from '../model/shipped.ts';
import { totalSteps, type Schedule } from '../train/schedule.ts';
import { DEFAULT_WORLD, type WorldKnobs } from '../world/knobs.ts';

const WEIGHTS = 'model.safetensors';
const FILES = ['config.json', 'tokenizer.json'];

/** The id of a checkpoint folder's model, or of other weights in it. Throws as fs does, and CheckpointError. */
export async function folderId(folder: string, weights = WEIGHTS): Promise<ModelId> {
  const config = readConfig(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')));
  return modelId(config, readSafetensors(config, readFileSync(join(folder, weights))));
}

/** What run.json tells of how a model was made. */
interface Run {
  seed: number;
  quality?: string;
  schedule: Schedule;
  world: WorldKnobs;
  bottleneck?: boolean;
}

/** A model's place: its folder under that of all models, with its name. */
const placesIn = (root: string, under: string): { name: string; folder: string }[] =>
  readdirSync(join(root, under), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, under, entry.name, WEIGHTS)))
    .map(({ name }) => ({ name, folder: `${under}${name}/` }))
    .sort((a, b) => a.name.localeCompare(b.name));

/** Every model that the site has in `root`: base first, then its moments, then the others. */
export async function shippedModels(root: string): Promise<ShippedModel[]> {
  const models: ShippedModel[] = [];
  const places = [
    ...placesIn(root, ''),
    ...(existsSync(join(root, 'sweep')) ? placesIn(root, 'sweep/') : []),
  ];
  places.sort((a, b) => Number(b.name === 'base') - Number(a.name === 'base'));
  for (const { name, folder } of places) {
    const at = join(root, folder);
    const run = JSON.parse(readFileSync(join(at, 'run.json'), 'utf8')) as Run;
    const config = readConfig(JSON.parse(readFileSync(join(at, 'config.json'), 'utf8')));
    const total = totalSteps(run.schedule);
    const size = (file: string) => statSync(join(at, file)).size;
    const { width, layers } = config;
    const one = async (file: string, step?: number): Promise<ShippedModel> => ({
      name: step === undefined ? name : `${name}@${step}`,
      id: await folderId(at, file),
      folder,
      weights: file,
      bytes: [...FILES, file].reduce((sum, each) => sum + size(each), 0),
      parameters: parameterCount(config),
      width,
      layers,
      seed: run.seed,
      steps: step ?? total,
      turned: Object.fromEntries(
        Object.entries(run.world).filter(
          ([knob, value]) => value !== DEFAULT_WORLD[knob as keyof WorldKnobs],
        ),
      ),
      bottleneck: run.bottleneck ?? true,
      label:
        `${run.quality ?? name}, width ${width}, seed ${run.seed}` +
        (step === undefined ? '' : `, after ${step} of ${total} steps`),
    });
    models.push(await one(WEIGHTS));
    for (const step of momentsIn(at)) models.push(await one(`moments/${step}.safetensors`, step));
  }
  return models;
}

/** Steps of the moments that a folder keeps, ascending. */
function momentsIn(folder: string): number[] {
  const moments = join(folder, 'moments');
  if (!existsSync(moments)) return [];
  return readdirSync(moments)
    .map((file) => Number(/^(\d+)\.safetensors$/.exec(file)?.[1]))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
}

/** A checkpoint on disk: its folder, and the file of its weights in there. */
export interface Place {
  folder: string;
  weights: string;
}

/** Where the model of a name, "mixed-64-0" or "base@195", lies or would lie. */
export function placeOfName(root: string, wanted: string): Place {
  const [name, step] = wanted.split('@');
  const named = ['', 'sweep'].map((under) => join(root, under, name));
  return {
    folder: named.find((at) => existsSync(at)) ?? named[0],
    weights: step === undefined ? WEIGHTS : `moments/${step}.safetensors`,
  };
}

/** A model as a flag names it: a folder, or the name or the id of a shipped one. What is none of these is taken for a folder. */
export async function placeOf(root: string, wanted: string): Promise<Place> {
  const itself = { folder: wanted, weights: WEIGHTS };
  if (existsSync(wanted)) return itself;
  if (/^[0-9a-f]{16}$/.test(wanted)) {
    const found = findShipped(await shippedModels(root), wanted);
    if (found) return { folder: join(root, found.folder), weights: found.weights };
  }
  if (!/^[\w-]+(@\d+)?$/.test(wanted)) return itself;
  const { folder, weights } = placeOfName(root, wanted);
  return existsSync(join(folder, weights)) ? { folder, weights } : itself;
}

/** models/index.json, as the site has it. */
export const indexOf = (models: readonly ShippedModel[]): string => `${JSON.stringify({ models })}\n`;
