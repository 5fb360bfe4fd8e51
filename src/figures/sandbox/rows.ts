/** The sandbox as a table: a response a row, with the settings that it stands under. Pure. */
import { DIMENSIONS, directionOf, type SampledOutcome, scoresOf, truthOf } from '../../rlaif/linearModel.ts';
import { sandbox } from '../../words/en/sandbox.ts';
import type { Settings } from './layout.ts';

export function sandboxRows(
  settings: Settings,
  responses: Float64Array,
  { probability }: SampledOutcome,
): (string | number)[][] {
  const { columns } = sandbox;
  const { truth, habits, constitution, seed, rank, kl } = settings;
  const set = [seed, rank, kl, truth.x, truth.y, habits.x, habits.y, constitution.x, constitution.y];
  const values = scoresOf(responses, truthOf(settings));
  const judged = scoresOf(responses, directionOf(settings, 'constitution'));
  const said = scoresOf(responses, directionOf(settings, 'habits'));
  const rows = Array.from(values, (value, i) => [
    ...set,
    ...responses.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS),
    value,
    judged[i],
    said[i],
    probability.constitution[i],
    probability.habits[i],
  ]);
  return [Object.values(columns).flat(), ...rows];
}
