import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { compared, incomparable, type Comparison } from '../../experiments/framework/compared.ts';
import { RESULT, type Result } from '../../experiments/framework/result.ts';
import type { Estimate } from '../../math/statistics.ts';
import { table } from '../markdown.ts';
import { significant } from '../numbers.ts';

/** A fresh result beside the published one, or why there is nothing to hold it against. */
export type Beside = { id: string } & (Comparison | { why: string });

/** The result of an experiment in a folder; null where there is none. */
export function readResult(folder: string, id: string): Result | null {
  const file = join(folder, `${id}.json`);
  return existsSync(file) ? v.parse(RESULT, JSON.parse(readFileSync(file, 'utf8'))) : null;
}

export function beside(published: Result | null, fresh: Result): Beside {
  const { id } = fresh;
  const why = published ? incomparable(published, fresh) : 'no result of it is published';
  return why === null ? { id, ...compared(published!, fresh) } : { id, why };
}

const number = (x: number): string => significant(x, 4);
const interval = ({ value, low, high }: Estimate): string =>
  `${number(value)} (${number(low)} … ${number(high)})`;

/** Lines of the comparison for people. */
export function comparisonTable(id: string, { pairs, apart, left, ...counts }: Comparison): string[] {
  const share = (count: number) => `${((100 * count) / Math.max(1, pairs)).toFixed(0)}%`;
  const counted = (says: string, key: 'inside' | 'overlapping') => [
    says,
    `${counts[key]} of ${pairs}, ${share(counts[key])}`,
    share(counts.expected[key]),
  ];
  const apartTable = table(
    ['intervals that share no point', 'published', 'fresh'],
    apart.map(({ name, unit, published, fresh }) => [
      unit ? `${name}, ${unit}` : name,
      interval(published),
      interval(fresh),
    ]),
  );
  return [
    ...table(
      [`${id} beside the published result`, 'found', 'expected if only seeds differ'],
      [
        counted('fresh values inside the published intervals', 'inside'),
        counted('intervals that overlap', 'overlapping'),
        ['not compared: without a 95% interval, or in one alone', `${left.length}`, ''],
      ],
    ),
    ...(apart.length > 0 ? ['', ...apartTable] : []),
  ];
}
