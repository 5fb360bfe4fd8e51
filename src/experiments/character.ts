import type { Random } from '../math/random.ts';
import type { Model } from '../model/parameters.ts';
import { promptedScores, readConstitution } from '../values/constitution.ts';
import { directionOf, subspaceOf } from '../values/directions.ts';
import { readGists, selectGists } from '../values/gists.ts';
import { Lens } from '../values/lens.ts';
import type { Sample } from '../values/respond.ts';
import { NO_PRINCIPLE, verdicts } from '../values/verdicts.ts';
import { ADJECTIVES } from '../world/phrases.ts';
import { SENTENCES } from '../world/sentences.ts';
import { MORAL_VALUES, VALUE_NAMES } from '../world/values.ts';
import { compare, type Ledger } from './evidence.ts';
import { halves, targetOf } from './probing.ts';

/** What people call conduct, without a word of principles: "people call that". */
const CALLED = SENTENCES.character.replace(' W .', '');
/** Random projections of rank one, the control. */
export const RANDOM = 4;

/**
 * Values by their character words. For each value v, with every moral value w:
 * "v called w" the difference of its two words' logits; "v projected w" the verdict with no principle, of a
 * gist of which only the direction fitted on that difference is left; "v prompted w" the verdict by v. Beside
 * them "nothing w", and "random i w" with a random direction in its place.
 */
export async function characterLedger(
  model: Model,
  sample: Sample,
  count: number,
  random: Random,
): Promise<Ledger> {
  const { fitting, test } = halves(sample, count);
  const { gists } = await readGists(model, sample.responses);
  const rows = fitting.responses.length;
  const ids = Array.from(sample.responses.keys());
  const [first, second] = [selectGists(gists, ids.slice(0, rows)), selectGists(gists, ids.slice(rows))];
  const lens = new Lens(model, first, fitting.situations);
  const ledger: Ledger = {};
  const keep = (name: string, scores: ArrayLike<number>) => {
    for (const value of MORAL_VALUES)
      ledger[`${name} ${value}`] = compare(
        targetOf(test.responses, value),
        scores,
        test.situations,
        test.count,
      );
  };
  const asked = (changed: typeof second) => verdicts(model, changed, NO_PRINCIPLE);
  for (const value of VALUE_NAMES) {
    const words = ADJECTIVES[value];
    const direction = directionOf(lens.space, await verdicts(model, first, CALLED, words));
    keep(`${value} called`, await verdicts(model, second, CALLED, words));
    keep(`${value} projected`, await asked(lens.keep(second, subspaceOf(lens.space, [direction]))));
    keep(`${value} prompted`, await promptedScores(model, second, readConstitution(value)));
  }
  keep('nothing', await asked(second));
  for (let i = 0; i < RANDOM; i++)
    keep(`random ${i}`, await asked(lens.keep(second, lens.random(1, random.fork(i)))));
  return ledger;
}
