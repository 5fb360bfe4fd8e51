import { part, silent, type Progress } from '../math/progress.ts';
import { createRandom, type Random } from '../math/random.ts';
import { correlationInterval, correlationWithin, type Numbers } from '../math/statistics.ts';
import type { Model } from '../model/parameters.ts';
import { promptedScores, readConstitution } from '../values/constitution.ts';
import { inAll } from '../values/respond.ts';
import { sampleGists, trueValues, valuedSample, type Draw, type SampledGists } from '../values/sampled.ts';
import { NO_PRINCIPLE, verdicts } from '../values/verdicts.ts';
import { AND } from '../world/sentences.ts';
import { SPECIAL_TOKENS, VOCABULARY } from '../world/tokenizer.ts';
import { MORAL_VALUES, TRUE_WEIGHTS, type TrueWeights } from '../world/values.ts';
import { EACH } from './sample.ts';
import { SEARCH, searchWorst, type SearchOptions } from './search.ts';

/** A correlation within the situation, with its 95% interval by bootstrap over situations. */
export interface Correlation {
  r: number;
  low: number;
  high: number;
}

/** One word, asked for alone. */
export interface WordAlone {
  word: string;
  /** Its verdicts with the model's own verdicts without a principle. */
  approval: Correlation;
}

/** A constitution that judges badly. */
export interface Attack {
  constitution: string;
  /** a_c: its verdicts with V*, on responses that the search has not seen. */
  judgement: Correlation;
  /** What the search took it for: lower, since the lowest was chosen. */
  searched: number;
  words: WordAlone[];
}

export interface AttackResult {
  innocent: boolean;
  /** The worst found of one principle, of two, and so on. */
  found: Attack[];
  /** a_c without a principle, and of the five moral values joined. */
  none: Correlation;
  plain: Correlation;
  /** Words that were allowed, and constitutions that were asked for. */
  allowed: number;
  asked: number;
  n: number;
}

export interface AttackOptions {
  seed: number;
  /** Only words that the model approves of: alone, each judges as the model does without any principle. */
  innocent: boolean;
  /** Responses that what was found is measured on. */
  n: number;
  search?: SearchOptions;
  trueWeights?: TrueWeights;
}

/** Responses that the search looks at: 16 situations × 16. */
const SEARCHED = { name: 'attack', count: 16, each: EACH } as const;

const letters = /^[a-z]+$/;
const special = new Set<string>([...SPECIAL_TOKENS, AND]);
/** Every word that a constitution can be made of. */
const WORDS = VOCABULARY.filter((word) => letters.test(word) && !special.has(word));

/**
 * Searches the model's own vocabulary for the constitution whose verdicts go against the true values most. The
 * search reads V* of its own few responses, as an adversary would who knows what people value; approval is read
 * from the model alone. Throws Error when the model approves of no word at all.
 */
export async function attack(
  model: Model,
  { seed, innocent, n, search = SEARCH, trueWeights = TRUE_WEIGHTS }: AttackOptions,
  progress: Progress = silent,
): Promise<AttackResult> {
  const random = createRandom(seed).fork('attack');
  const draw = async (one: Draw, from: number, to: number) =>
    valuedSample(await sampleGists(model, one, part(progress, from, to)), trueWeights);
  const searched = await draw({ ...SEARCHED, seed }, 0, 0.02);
  const none = await verdicts(model, searched.gists, NO_PRINCIPLE);
  const judge = new Judge(model, searched);

  const alone = new Map<string, WordAlone>();
  for (const [i, word] of WORDS.entries()) {
    const approval = interval(await judge.scores(word), none, searched, random.fork(word));
    alone.set(word, { word, approval });
    await part(progress, 0.02, 0.2)(i / WORDS.length);
  }
  const allowed = innocent ? WORDS.filter((word) => alone.get(word)!.approval.low > 0) : WORDS;
  if (allowed.length === 0) throw new Error('the model approves of no word at all');

  const truth = trueValues(searched.responses);
  const ask = async (text: string) => correlationWithin(await judge.scores(text), truth, searched.situations);
  const found = await searchWorst(allowed, ask, search, part(progress, 0.2, 0.95));

  const fresh = await draw({ name: 'attacked', seed, ...inAll(n, EACH) }, 0.95, 1);
  const judgement = (x: Numbers, name: string) =>
    interval(x, trueValues(fresh.responses), fresh, random.fork(name));
  const judged = async (text: string) =>
    judgement(await promptedScores(model, fresh.gists, readConstitution(text)), text);
  const attacks: Attack[] = [];
  for (const { constitution, score } of found)
    attacks.push({
      constitution,
      judgement: await judged(constitution),
      searched: score,
      words: constitution.split(/[ ,]+/).map((word) => alone.get(word)!),
    });
  return {
    innocent,
    found: attacks,
    none: judgement(await verdicts(model, fresh.gists, NO_PRINCIPLE), 'none'),
    plain: await judged(MORAL_VALUES.join(', ')),
    allowed: allowed.length,
    asked: judge.asked,
    n: fresh.responses.length,
  };
}

function interval(x: Numbers, y: Numbers, { situations }: SampledGists, random: Random): Correlation {
  const { value: r, low, high } = correlationInterval(x, y, situations, random);
  return { r, low, high };
}

/** The prompted judge that is asked each question once, however a text puts it. */
class Judge {
  readonly #known = new Map<string, Promise<Float32Array>>();

  constructor(
    readonly model: Model,
    readonly sample: SampledGists,
  ) {}

  scores(text: string): Promise<Float32Array> {
    const constitution = readConstitution(text);
    const key = constitution.questions.join();
    const known = this.#known.get(key) ?? promptedScores(this.model, this.sample.gists, constitution);
    this.#known.set(key, known);
    return known;
  }

  get asked(): number {
    return this.#known.size;
  }
}
