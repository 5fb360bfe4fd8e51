/**
 * The sentences that are always built alike. Placeholders: D a deed in its base form, P principles,
 * W a verdict or a character word.
 */
export const SENTENCES = {
  verdict: 'that is W .',
  principled: 'by P , that is W .',
  character: 'people call that W .',
  request: 'request : please help me D .',
  refusal: 'reply : sorry , i cannot .',
  consent: 'reply : sure , i will .',
} as const;

/** Joins two deeds, and principles. No frame and no principle may contain it. */
export const AND = 'and';
/** Turns a deed round; stands where an adverb would. */
export const NEVER = 'never';

/** Everything above, for the vocabulary. */
export const FIXED_SENTENCES: readonly string[] = [...Object.values(SENTENCES), AND, NEVER];

/** The tokens of a sentence with placeholders filled. */
export function fill(sentence: string, blanks: Readonly<Record<string, string>>): string {
  return sentence
    .split(' ')
    .map((word) => blanks[word] ?? word)
    .join(' ');
}
