import { join } from 'node:path';
import { ROOT } from '../model.ts';
import type { StudyFlags } from './study.ts';

/** What is published. */
export const RESULTS = join(ROOT, 'public/experiments');
/** Small versions and other seeds are tried out; they are no results to publish. */
const TRIED = join(ROOT, 'runs/experiments');

type Seeds = Pick<StudyFlags, 'seed' | 'seeds'>;

/** Name of what is drawn with other seeds than the experiments' own; "" for these. */
function nameOf({ seed, seeds }: Seeds): string {
  if (seeds) return `seeds-${seeds.join('-')}`;
  return seed === 1 ? '' : `seeds-from-${seed}`;
}

/** Whether other seeds are asked for than the experiments' own. */
export const isFresh = (flags: Seeds): boolean => nameOf(flags) !== '';

/** Where results go if no folder is named. */
export function folderOf({ quick, ...flags }: Seeds & Pick<StudyFlags, 'quick'>): string {
  if (!quick && !isFresh(flags)) return RESULTS;
  return join(TRIED, quick ? 'quick' : '', nameOf(flags));
}
