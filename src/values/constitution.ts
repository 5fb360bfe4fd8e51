import { phraseOf, type ConstitutionPhrase } from '../world/principles.ts';
import type { Gists } from './gists.ts';
import type { Model } from '../model/parameters.ts';
import { NO_PRINCIPLE, questionOf, verdicts } from './verdicts.ts';

/** Phrases that are prompted as one text; beyond that the score is the mean of single verdicts. */
export const MOST_JOINED = 5;

/**
 * Longest question, tokens: with <gist> and the longest text before it (<bos>, situation and response, 37) it
 * fits the model's 64 positions.
 */
export const LONGEST_QUESTION = 26;

/** A constitution that names nothing the model knows. */
export class EmptyConstitutionError extends Error {
  override readonly name = 'EmptyConstitutionError';
}

/** A constitution as the judges take it. */
export interface Constitution {
  phrases: readonly ConstitutionPhrase[];
  /** One weight a phrase. */
  weights: readonly number[];
  /** What the judge is asked: one question, or one a phrase when weights differ or phrases are many. */
  questions: readonly string[];
  /** How the verdicts on the questions add up to the score. */
  mixture: readonly number[];
}

/** None at all: the judge is asked for just good or bad. */
export const NO_CONSTITUTION: Constitution = {
  phrases: [],
  weights: [],
  questions: [NO_PRINCIPLE],
  mixture: [1],
};

/**
 * A constitution in the model's own words, joined by "and" or commas, asked for word for word: experiments ask what nobody
 * would write. What people write is read in world/constitution. Throws as `constitutionOf` does.
 */
export function readConstitution(text: string, weights?: readonly number[]): Constitution {
  const parts = text.toLowerCase().split(/[,\n]|\band\b/);
  return constitutionOf(parts.map((part) => part.trim()).filter(Boolean), weights);
}

/**
 * The constitution of some phrases of the model's vocabulary, each taken once. With equal weights up to five are asked
 * for as one text, if it is no longer than LONGEST_QUESTION; else a phrase at a time and the verdicts are
 * added with their weights (their mean, when there are many phrases of equal weight). Of weight 0 a phrase is left out.
 * Throws EmptyConstitutionError when no phrase is left, UnknownWordError when one is not in the vocabulary, RangeError when weights
 * are not one finite number a phrase or a phrase alone is too long.
 */
export function constitutionOf(asked: readonly string[], weights?: readonly number[]): Constitution {
  const named = [...new Set(asked)].map(phraseOf);
  if (named.length === 0) throw new EmptyConstitutionError('the constitution names no principle');
  if (weights && weights.length !== named.length)
    throw new RangeError(`${weights.length} weights for ${named.length} principles`);
  if (weights?.some((w) => !Number.isFinite(w))) throw new RangeError('a weight is not a finite number');
  const weightOf = (i: number) => weights?.[i] ?? 1;
  const phrases = named.filter((_, i) => weightOf(i) !== 0);
  const each = named.map((_, i) => weightOf(i)).filter((weight) => weight !== 0);
  if (phrases.length === 0) throw new EmptyConstitutionError('every principle has weight 0');
  const texts = phrases.map((phrase) => phrase.text);
  const base = { phrases, weights: each };
  const joined = questionOf(texts);
  if (each.every((w) => w === 1) && phrases.length <= MOST_JOINED && fits(joined))
    return { ...base, questions: [joined], mixture: [1] };
  const questions = texts.map((t) => questionOf([t]));
  const long = texts.find((_, i) => !fits(questions[i]));
  if (long) throw new RangeError(`the principle "${long}" is too long to be asked for`);
  const mixture = weights ? each : each.map(() => 1 / each.length);
  return { ...base, questions, mixture };
}

const fits = (question: string): boolean => question.split(' ').length <= LONGEST_QUESTION;

/** The prompted judge: s_c of each gist, (n). */
export async function promptedScores(
  model: Model,
  gists: Gists,
  constitution: Constitution,
): Promise<Float32Array> {
  const total = new Float32Array(gists.count);
  for (const [i, question] of constitution.questions.entries()) {
    const scores = await verdicts(model, gists, question);
    const weight = constitution.mixture[i];
    for (let j = 0; j < total.length; j++) total[j] += weight * scores[j];
  }
  return total;
}
