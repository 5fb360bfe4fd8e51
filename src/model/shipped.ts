import * as v from 'valibot';
import { contentId } from '../math/hash.ts';

/** A model of the site: what opens it, and what is to be known before it is opened. */
const SHIPPED_MODEL = v.object({
  /** "base", "mixed-64-0"; with "@" and a step one moment of its pretraining. */
  name: v.pipe(v.string(), v.regex(/^[\w-]+(@\d+)?$/)),
  id: contentId,
  /** Its folder under that of all models, and the file of its weights in there. */
  folder: v.pipe(v.string(), v.regex(/^[\w-]+(\/[\w-]+)*\/$/)),
  weights: v.pipe(v.string(), v.regex(/^[\w-]+(\/[\w-]+)*\.safetensors$/)),
  /** Of all files that are read to open it. */
  bytes: v.number(),
  parameters: v.number(),
  width: v.number(),
  layers: v.number(),
  /** Of its first weights. */
  seed: v.number(),
  /** Updates of its pretraining. */
  steps: v.number(),
  /** What of the default world was turned for its corpus: knob → value. */
  turned: v.record(v.string(), v.number()),
  /** False where tokens after the gist saw the whole text in pretraining. */
  bottleneck: v.boolean(),
  /** In a few plain words. */
  label: v.string(),
});

export type ShippedModel = v.InferOutput<typeof SHIPPED_MODEL>;

const INDEX = v.object({ models: v.array(SHIPPED_MODEL) });

/** The list of the site's models, models/index.json. Throws v.ValiError when it is none. */
export const readShipped = (json: unknown): ShippedModel[] => v.parse(INDEX, json).models;

/** The model of a name or an id; undefined when there is none. Of two with the same content the first is it. */
export const findShipped = (models: readonly ShippedModel[], wanted: string): ShippedModel | undefined =>
  models.find(({ name }) => name === wanted) ?? models.find(({ id }) => id === wanted);
