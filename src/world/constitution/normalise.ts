/** What two spellings of one text have in common: how it looks is taken away before anything is compared. */

/** Characters that show nothing: soft hyphens, zero-width joiners, marks of direction, variation selectors, tags. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}|\p{Cf}/gu;
const APOSTROPHES = /[’‘‛ʼʹ′`´]/g;
const QUOTES = /[“”„‟«»‹›「」『』〝〞″]/g;
const DASHES = /[‐‑‒–—―−]/g;

/**
 * One spelling of a text: full-width letters and ligatures plain (NFKC), lower case, one kind of space, apostrophe, quote
 * and dash, nothing that cannot be seen; lines stay lines.
 */
export function normalise(text: string): string {
  return text
    .replace(/[´｀]/g, "'") // which NFKC would take for a space and a mark
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .toLowerCase()
    .normalize('NFKC')
    .replace(APOSTROPHES, "'")
    .replace(QUOTES, '"')
    .replace(/(^|\s)'/g, '$1"')
    .replace(/'(?=[\s,;.]|$)/g, ' ')
    .replace(DASHES, '-')
    .replace(/[\n\r\v\f\u0085\u2028\u2029]+/g, '\n')
    .replace(/(^|\s)[!¬≠](?=\p{L})/gu, '$1not ') // as those write who write programs
    .replace(/[^\S\n]|[\p{Cc}\p{Cn}\p{Co}\p{Cs}](?<!\n)/gu, ' ');
}

/**
 * Full forms of what is drawn together, with "not" as a word of its own, and without what is granted: "even if it hurts" and
 * the like come after what is asked for, and change nothing of it.
 */
export function expand(text: string): string {
  return text
    .replace(/\b(?:can|could|may|might|would|must|should|shall|need|do|does|did|will) not\b/g, 'not')
    .replace(/\bcannot\b|\b[a-z]+n't\b/g, 'not')
    .replace(/\b(?:do|does|did|ca|wo|is|are|was|were|should|must|would|could|need|ai)nt\b/g, 'not')
    .replace(/(\S)\s(?:even (?:if|when|though)|no matter|regardless)\b.*$/, '$1')
    .replace(/([a-z])'(?:s|re|ve|ll|d|m)?(?![a-z])/g, '$1')
    .replace(/(^|[^a-z])'/g, '$1');
}
