import type { Command } from 'commander';
import { createRandom } from '../../math/random.ts';
import { respond } from '../../values/respond.ts';
import { situationAt } from '../../world/documents.ts';
import { BOS, decode, SPECIAL_TOKENS } from '../../world/tokenizer.ts';
import { count, withModel } from '../flags.ts';
import { loadModel, type ModelFlags } from '../model.ts';
import { InputError, printJson, progressLine } from '../output.ts';
import { encodeText } from '../text.ts';

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

/** The prompt as the model is asked, without <bos>. Throws InputError when it is none. */
function checkPrompt(text: string): string {
  const given = encodeText('--prompt', text);
  const ids = given[0] === BOS ? given.slice(1) : given;
  if (ids.length === 0) throw new InputError('--prompt is empty');
  if (ids.length > LONGEST_PROMPT)
    throw new InputError(`--prompt has ${ids.length} tokens; ${LONGEST_PROMPT} fit`);
  const special = decode(ids.filter((id) => id < SPECIAL_TOKENS.length));
  if (special) throw new InputError(`--prompt is a situation, and holds no ${special}`);
  return decode(ids);
}
