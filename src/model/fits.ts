import { VOCABULARY } from '../world/tokenizer.ts';
import { POSITIONS, type ModelConfig } from './config.ts';
import { CheckpointError } from './error.ts';

/**
 * Throws CheckpointError when a model that can be read cannot live in this world: other words, too few
 * positions for its texts, or no block that would read the gist. `words` are its tokenizer's, in order of id.
 */
export function checkFits(config: ModelConfig, words: readonly string[]): void {
  if (words.length !== VOCABULARY.length || words.some((word, id) => word !== VOCABULARY[id]))
    throw new CheckpointError('it was trained on another vocabulary than this version of the world has');
  if (config.vocabulary !== words.length)
    throw new CheckpointError(
      `config.json says ${config.vocabulary} tokens and tokenizer.json has ${words.length}`,
    );
  if (config.positions < POSITIONS)
    throw new CheckpointError(`it reads ${config.positions} tokens, and texts have up to ${POSITIONS}`);
  if (config.layers < 2) throw new CheckpointError('it has one block, and later blocks read the gist');
}
