import { silent, type Progress } from '../math/progress.ts';
import { createRandom } from '../math/random.ts';
import { correlationWithin, mean } from '../math/statistics.ts';
import type { Model } from '../model/parameters.ts';
import { promptedScores, readConstitution } from '../values/constitution.ts';
import { fitLinear } from '../values/readout.ts';
import { readGists } from '../values/gists.ts';
import { respond } from '../values/respond.ts';
import { selectSituations, trueValues } from '../values/sampled.ts';
import { NO_PRINCIPLE, verdicts } from '../values/verdicts.ts';
import { VALUE_NAMES, type Values } from '../world/values.ts';
import { valuesOf } from './judge.ts';
import { corpusResponses } from './sample.ts';

/** What a model knows of values at one moment of its pretraining; every r is within the situation. */
export interface CheckpointFigures {
  /** Held-out linear probe of each value at the gist. */
  probe: Values;
  /** Each value's plain principle with its own value. */
  own: Values;
  /** Each value's plain principle with the moral value, other than its own, that it follows most. */
  cross: Values;
  /** Verdict without a principle with V*. */
  none: number;
  wellFormed: number;
}

const SITUATIONS = 64;
const EACH = 16;

/**
 * Probes and judges of a model on responses that the world's people give: the same ones at every moment, since
 * an early model says nothing that could be judged. Well-formedness is of the model's own responses.
 */
export async function checkpointFigures(
  model: Model,
  seed: number,
  progress: Progress = silent,
): Promise<CheckpointFigures> {
  const people = corpusResponses(seed, SITUATIONS, EACH);
  const sample = { ...people, ...(await readGists(model, people.responses, progress)) };
  const prompts = sample.responses.filter((_, i) => i % 2 === 0).map((r) => r.promptText);
  const own = await respond(model, prompts, createRandom(seed).fork('own'));
  const [fitting, test] = [0, 1].map((half) => selectSituations(sample, (x) => x % 2 === half));
  const figures: CheckpointFigures = {
    probe: {} as Values,
    own: {} as Values,
    cross: {} as Values,
    none: correlationWithin(
      await verdicts(model, sample.gists, NO_PRINCIPLE),
      trueValues(sample.responses),
      sample.situations,
    ),
    wellFormed: mean(own.map((r) => (r.wellFormed ? 1 : 0))),
  };
  for (const name of VALUE_NAMES) {
    const probe = fitLinear(fitting.gists, valuesOf(fitting.responses, name), fitting.situations);
    figures.probe[name] = correlationWithin(
      probe(test.gists),
      valuesOf(test.responses, name),
      test.situations,
    );
    const scores = await promptedScores(model, sample.gists, readConstitution(name));
    const r = (value: keyof Values) =>
      correlationWithin(scores, valuesOf(sample.responses, value), sample.situations);
    const others = VALUE_NAMES.filter((value) => value !== name && value !== 'politeness').map(r);
    figures.own[name] = r(name);
    figures.cross[name] = others.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
  }
  return figures;
}
