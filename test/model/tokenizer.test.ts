/** Every folder of a model that is shipped or written, as transformers.js opens it: the same words, the same ids. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AutoTokenizer, env } from '@huggingface/transformers';
import { afterAll, describe, expect, test } from 'vitest';
import { saveModel } from '../../src/cli/model.ts';
import { configOf } from '../../src/model/config.ts';
import { documentAt } from '../../src/world/documents.ts';
import { decode, encode, SPECIAL_TOKENS, VOCABULARY } from '../../src/world/tokenizer.ts';
import { temporaryFolder } from '../worker/folder.ts';
import { livelyWeights } from './tiny.ts';

env.allowRemoteModels = false; // nothing is fetched

const temporary = temporaryFolder();
afterAll(() => temporary.remove());
const written = join(temporary.path, 'written');
const config = configOf(VOCABULARY.length, 8, 2);
await saveModel(written, config, livelyWeights(config, 'tokenizer'), { seed: 1 });

const MODELS = join(import.meta.dirname, '../../public/models');
/** Folders of models below this one, by their paths from there. */
const foldersIn = (root: string): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('config.json') && !path.endsWith('tokenizer_config.json'))
    .map((path) => join(path, '..'));
const shipped = existsSync(MODELS) ? foldersIn(MODELS) : [];

const texts = [
  VOCABULARY.join(' '),
  ...Array.from({ length: 50 }, (_, i) => `<bos> ${documentAt('tokenizer', i).text}`),
];

describe.each([['written', written], ...shipped.map((name) => [name, join(MODELS, name)])])(
  '%s',
  (_, folder) => {
    test('has our ids and gives the text back', async () => {
      const tokenizer = await AutoTokenizer.from_pretrained(folder);
      for (const text of texts) {
        const ids = encode(text);
        expect(tokenizer.encode(text)).toEqual(ids);
        expect(tokenizer.decode(ids)).toBe(text);
        const plain = decode(ids.filter((id) => id >= SPECIAL_TOKENS.length));
        expect(tokenizer.decode(ids, { skip_special_tokens: true })).toBe(plain);
      }
      expect([tokenizer.bos_token, tokenizer.eos_token, tokenizer.pad_token]).toEqual([
        '<bos>',
        '<eos>',
        '<pad>',
      ]);
      expect(tokenizer.model_max_length).toBe(64);
    });

    test('pads shorter texts at their end, and gives a word that the model does not have no id of its own', async () => {
      const tokenizer = await AutoTokenizer.from_pretrained(folder);
      const { input_ids: ids, attention_mask: mask } = tokenizer(['by honesty', 'good'], {
        padding: true,
        return_tensor: false,
      }) as { input_ids: number[][]; attention_mask: number[][] };
      expect(ids).toEqual([encode('by honesty'), [...encode('good'), 0]]);
      expect(mask).toEqual([
        [1, 1],
        [1, 0],
      ]);
      const unknown = tokenizer.encode('by cherish');
      expect(unknown.every((id) => id === undefined || id < VOCABULARY.length)).toBe(true);
    });
  },
);
