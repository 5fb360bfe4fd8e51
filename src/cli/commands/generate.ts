import type { Command } from 'commander';
import { createRandom } from '../../math/random.ts';
import { respond } from '../../values/respond.ts';
import { situationAt } from '../../world/documents.ts';
import { encode, UnknownWordError } from '../../world/tokenizer.ts';
import { count, withModel } from '../flags.ts';
import { loadModel, type ModelFlags } from '../model.ts';
import { InputError, printJson, progressLine } from '../output.ts';

interface Flags extends ModelFlags {
  n: number;
  seed: number;
  prompt?: string;
  json?: boolean;
}

export function generateCommand(program: Command): void {
  withModel(program.command('generate').description('sample responses to situations'))
    .option('--n <n>', 'how many', count('n', 1, 100_000), 5)
    .option('--prompt <text>', 'the situation, instead of fresh ones')
    .action(run);
}

/** Longest prompt that leaves room for a response, tokens. */
const LONGEST_PROMPT = 36;

async function run({ n, seed, prompt, json, ...flags }: Flags): Promise<void> {
  const given = prompt === undefined ? undefined : checkPrompt(prompt);
  const model = await loadModel(flags);
  const bar = progressLine('sampling');
  const prompts = Array.from({ length: n }, (_, i) => given ?? situationAt(`generate/${seed}`, i));
  const responses = await respond(model, prompts, createRandom(seed).fork('generate'), bar.update);
  bar.stop();
  const samples = responses.map((r) => ({
    prompt: r.promptText,
    response: r.responseText,
    values: r.values,
    wellFormed: r.wellFormed,
  }));
  if (json) printJson({ samples });
  else for (const s of samples) process.stdout.write(`${s.prompt} ${s.response}\n`);
}

function checkPrompt(text: string): string {
  try {
    const ids = encode(text.replace(/^\s*<bos>/, ''));
    if (ids.length === 0) throw new InputError('--prompt is empty');
    if (ids.length > LONGEST_PROMPT)
      throw new InputError(`--prompt has ${ids.length} tokens; ${LONGEST_PROMPT} fit`);
  } catch (error) {
    if (error instanceof UnknownWordError) throw new InputError(`--prompt: ${error.message}`);
    throw error;
  }
  return text
    .replace(/^\s*<bos>/, '')
    .trim()
    .split(/\s+/)
    .join(' ');
}
