/** The model's words as people read them. Pure. */
import type { CloudResponse } from '../../worker/protocol.ts';

/** Names of people: whoever stands first in a situation or a response. */
export function namesIn(responses: readonly CloudResponse[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { prompt, response, wellFormed } of responses) {
    names.add(prompt.split(' ', 1)[0]);
    if (wellFormed) names.add(response.split(' ', 1)[0]);
  }
  return names;
}

/** The model's words as they are, but with the full stop kept on the line of the last word. */
export function unbroken(text: string): string {
  return text.replace(/ \.$/, '\u00a0.');
}

/** "omar finds the wallet of ben ." → "Omar finds the wallet of Ben." */
export function sentence(text: string, names: ReadonlySet<string>): string {
  const words = text.split(' ').map((word, i) => (i === 0 || names.has(word) ? capital(word) : word));
  return words.join(' ').replace(/ ([.,:;?!])/g, '$1');
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

const HANGING = new Set([
  'a',
  'an',
  'the',
  'of',
  'to',
  'from',
  'with',
  'by',
  'in',
  'as',
  'for',
  'at',
  'too',
  'about',
  'behind',
]);

/** A few words for a dot: the clause with its strongest deed, without the one who does it. */
export function shortly(
  { response, deeds }: Pick<CloudResponse, 'response' | 'deeds'>,
  longest = 24,
): string {
  const words = response.split(' ').filter((word) => word !== '.');
  const strongest = deeds.reduce<CloudResponse['deeds'][number] | null>(
    (best, deed) => (best === null || Math.abs(deed.strength) > Math.abs(best.strength) ? deed : best),
    null,
  );
  const at = strongest?.from ?? 1;
  let from = 1;
  let to = words.length;
  words.forEach((word, i) => {
    if (word !== 'and') return;
    if (i < at) from = i + 1;
    else if (i >= (strongest?.to ?? at) && i < to) to = i;
  });
  const clause = words.slice(from, to);
  const short: string[] = [];
  for (const word of clause) {
    if ([...short, word].join(' ').length > longest) break;
    short.push(word);
  }
  while (short.length > 1 && short.length < clause.length && HANGING.has(short.at(-1))) short.pop();
  return short.join(' ');
}
