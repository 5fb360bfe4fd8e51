import {
  EmptyConstitutionError,
  NO_CONSTITUTION,
  readConstitution,
  type Constitution,
} from '../values/constitution.ts';
import { encode, UnknownWordError } from '../world/tokenizer.ts';
import { InputError, say } from './output.ts';

/** Token ids of a flag's text. Throws InputError that names the unknown words, or says that there are none. */
export function encodeText(flag: string, text: string): number[] {
  try {
    const ids = encode(text);
    if (ids.length === 0) throw new InputError(`${flag} is empty`);
    return ids;
  } catch (error) {
    if (error instanceof UnknownWordError) throw new InputError(`${flag}: ${error.message}`);
    throw error;
  }
}

/** The flags of `withConstitution`, and weights where the command takes any. */
export interface AskedFlags {
  constitution?: string;
  none?: boolean;
  weights?: string;
}

/** What the flags of `withConstitution` say. Throws InputError when that is nothing. */
export function askedBy({ constitution: text, none, weights }: AskedFlags): Constitution {
  if (none) return NO_CONSTITUTION;
  if (text === undefined) throw new InputError('give --constitution TEXT, or --none');
  return constitutionOf(text, weights);
}

/** A constitution from flags; unknown words are named on stderr. Throws InputError when none is known. */
export function constitutionOf(text: string, weights?: string): Constitution {
  const numbers = weights?.split(',').map((w) => (w.trim() === '' ? NaN : Number(w)));
  try {
    const constitution = readConstitution(text, numbers);
    const { unknown, questions, phrases } = constitution;
    if (unknown.length)
      say(`warning: the model does not know ${unknown.map((w) => `"${w}"`).join(', ')}; left out`);
    const free = phrases.filter(({ known }) => !known).map((p) => `"${p.text}"`);
    if (free.length)
      say(`warning: nobody in this world judges by ${free.join(', ')}; asked for all the same`);
    if (!numbers && questions.length > 1)
      say('note: too many principles for one question: the score is the mean of single verdicts');
    return constitution;
  } catch (error) {
    if (error instanceof EmptyConstitutionError || error instanceof RangeError)
      throw new InputError(error.message);
    throw error;
  }
}
