/** Single rows of an experiment: a machine's share of them, or those of a name, computed anew. */
import type { AnyExperiment } from '../../experiments/framework/experiment.ts';
import { partName } from '../../experiments/framework/parts.ts';
import { allParts, inProcess, PartComputer, type ResultCache } from '../../experiments/framework/run.ts';
import type { Shard } from '../flags.ts';
import { InputError, progressLine } from '../output.ts';
import { partsNamed, shareOf } from './plan.ts';
import { executorOf, type RunFlags } from './run.ts';
import { studyOf } from './study.ts';

/** Computes a machine's share of an experiment's rows, which stay in its folder of rows; returns how many they are. */
export async function computeShare(
  experiment: AnyExperiment,
  flags: RunFlags,
  shard: Shard,
): Promise<number> {
  const study = await studyOf(experiment, flags);
  const execute = executorOf(study, flags);
  const share = shareOf(await allParts(study.setting, study.cache, execute), shard);
  const bar = progressLine(`${experiment.id} ${shard.index}/${shard.of}`);
  let done = 0;
  for await (const part of execute(share)) bar.update(++done / share.length, `· ${partName(part)}`);
  bar.stop();
  return share.length;
}

/** A row, computed anew. */
export interface Row {
  id: string;
  name: string;
  /** Ids of the models that it follows from, by name. */
  models: Record<string, string>;
  given: object;
  row: unknown;
  /** Whether the row that was kept is the same; null where none was. */
  same: boolean | null;
}

/** Rows whose name has these pieces, computed anew whatever is kept. Throws InputError when there is none. */
export async function rowsNamed(
  experiment: AnyExperiment,
  flags: RunFlags,
  names: readonly string[],
): Promise<Row[]> {
  const { setting, models, cache } = await studyOf(experiment, flags);
  const all = await allParts(setting, cache, inProcess(models, cache));
  const wanted = names.flatMap((name) => {
    const found = partsNamed(all, name);
    if (found.length === 0)
      throw new InputError(
        `${experiment.id} has no row "${name}"; such as "${partName(all[0])}" there are ${all.length}`,
      );
    return found;
  });
  const anew: ResultCache = {
    has: () => Promise.resolve(false),
    getOrCompute: (_part, compute) => compute(),
  };
  const computer = new PartComputer(models, anew);
  const rows: Row[] = [];
  try {
    for (const part of new Set(wanted)) {
      const row = JSON.parse(JSON.stringify(await computer.compute(part))) as unknown;
      const kept = (await cache.has(part))
        ? JSON.stringify(await cache.getOrCompute(part, () => Promise.resolve(row)))
        : null;
      const ids: Record<string, string> = {};
      for (const name of part.models) ids[name] = await models.id(name);
      rows.push({
        id: experiment.id,
        name: partName(part),
        models: ids,
        given: part.given,
        row,
        same: kept === null ? null : kept === JSON.stringify(row),
      });
    }
  } finally {
    await computer.clear();
  }
  return rows;
}
