import { valuesOf } from '../../analysis/judge.ts';
import { compare, type Compared, type GroupedMoments } from '../../analysis/moments.ts';
import { halves } from '../../analysis/probe.ts';
import type { Random } from '../../math/random.ts';
import type { Model } from '../../model/parameters.ts';
import { promptedScores, readConstitution } from '../../values/constitution.ts';
import { directionOf, subspaceOf } from '../../values/directions.ts';
import { readGists, selectGists } from '../../values/gists.ts';
import { Lens } from '../../values/lens.ts';
import type { Sample } from '../../values/respond.ts';
import { NO_PRINCIPLE, verdicts } from '../../values/verdicts.ts';
import { ADJECTIVES } from '../../world/phrases.ts';
import { SENTENCES } from '../../world/sentences.ts';
import { MORAL_VALUES, VALUE_NAMES, type MoralValue, type ValueName } from '../../world/values.ts';

/** What people call conduct, without a word of principles: "people call that". */
const CALLED = SENTENCES.character.replace(' W .', '');
/** Random projections of rank one, the control. */
export const RANDOM = 4;

/**
 * With each moral value w: "called v" the difference of the logits of value v's two character words; "projected v" the verdict
 * with no principle, of a gist of which only the direction fitted on that difference is left; "prompted v" the verdict by v;
 * beside them "nothing", and "random i" with a random direction in its place.
 */
export type CharacterKey =
  | readonly ['called' | 'projected' | 'prompted', v: ValueName, w: MoralValue]
  | readonly ['nothing', w: MoralValue]
  | readonly ['random', i: number, w: MoralValue];

/** Values by their character words. */
export async function characterMoments(
  model: Model,
  sample: Sample,
  count: number,
  random: Random,
): Promise<GroupedMoments<CharacterKey>> {
  const { fitting, test } = halves(sample, count);
  const { gists } = await readGists(model, sample.responses);
  const rows = fitting.responses.length;
  const ids = Array.from(sample.responses.keys());
  const [first, second] = [selectGists(gists, ids.slice(0, rows)), selectGists(gists, ids.slice(rows))];
  const lens = new Lens(model, first, fitting.situations);
  const moments: [CharacterKey, Compared][] = [];
  const keep = (scores: ArrayLike<number>, keyOf: (value: MoralValue) => CharacterKey) => {
    for (const value of MORAL_VALUES) {
      const truth = valuesOf(test.responses, value);
      moments.push([keyOf(value), compare(truth, scores, test.situations, test.count)]);
    }
  };
  const asked = (changed: typeof second) => verdicts(model, changed, NO_PRINCIPLE);
  for (const value of VALUE_NAMES) {
    const words = ADJECTIVES[value];
    const direction = directionOf(lens.space, await verdicts(model, first, CALLED, words));
    const projected = await asked(lens.keep(second, subspaceOf(lens.space, [direction])));
    keep(await verdicts(model, second, CALLED, words), (w) => ['called', value, w]);
    keep(projected, (w) => ['projected', value, w]);
    keep(await promptedScores(model, second, readConstitution(value)), (w) => ['prompted', value, w]);
  }
  keep(await asked(second), (w) => ['nothing', w]);
  for (let i = 0; i < RANDOM; i++)
    keep(await asked(lens.keep(second, lens.random(1, random.fork(i)))), (w) => ['random', i, w]);
  return moments;
}
