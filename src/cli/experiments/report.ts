import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { RESULT, type Result } from '../../experiments/framework/result.ts';
import { figure } from './figure.ts';
import { resultsPage } from './page.ts';

/** The results of a folder, in order of their numbers. */
export function readResults(folder: string): Result[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^E\d+\.json$/.test(name))
    .map((name) => v.parse(RESULT, JSON.parse(readFileSync(join(folder, name), 'utf8'))))
    .sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
}

/** All files of the report as they should be, by path from the docs folder. */
export function reportOf(results: readonly Result[]): Record<string, string> {
  const figures = results.map(({ id, series }) => [`results/${id}.svg`, figure(series[0])] as const);
  return { 'results.md': resultsPage(results), ...Object.fromEntries(figures) };
}

/** Writes docs/results.md and a figure of each experiment; returns the paths. */
export function writeReport(results: string, docs: string): string[] {
  mkdirSync(join(docs, 'results'), { recursive: true });
  return Object.entries(reportOf(readResults(results))).map(([path, text]) => {
    writeFileSync(join(docs, path), text);
    return join('docs', path);
  });
}
