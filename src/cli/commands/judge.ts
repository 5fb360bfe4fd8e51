import type { Command } from 'commander';
import { FITTING } from '../../analysis/sample.ts';
import { NO_CONSTITUTION, promptedScores } from '../../values/constitution.ts';
import { readGists, type Gists } from '../../values/gists.ts';
import { Lens } from '../../values/lens.ts';
import { sampleGists } from '../../values/sampled.ts';
import type { Model } from '../../model/parameters.ts';
import { BOS, encode, GIST } from '../../world/tokenizer.ts';
import { withConstitution, withModel } from '../flags.ts';
import { loadModel, type ModelFlags } from '../model.ts';
import { InputError, printJson, progressLine } from '../output.ts';
import { askedBy, encodeText, type Asked, type AskedFlags } from '../text.ts';

interface Flags extends ModelFlags, AskedFlags {
  text: string[];
  seed: number;
}

export function judgeCommand(program: Command): void {
  withConstitution(
    withModel(program.command('judge').description('the verdict on texts, by a constitution or by none')),
  )
    .option('--weights <list>', 'one weight a principle, separated by commas')
    .requiredOption('--text <text...>', 'prompt and response, joined by a space')
    .action(run);
}

async function run({
  constitution: asked,
  none,
  weights,
  text: texts,
  seed,
  ...flags
}: Flags): Promise<void> {
  const constitution = askedBy({ constitution: asked, none, weights });
  const ids = texts.map((t) => encodeText('--text', t));
  const model = await loadModel(flags);
  const spoken = ids.map((tokens) => {
    const prompt = tokens[0] === BOS ? tokens : [BOS, ...tokens];
    const end = prompt.indexOf(GIST);
    return { prompt: end < 0 ? prompt : prompt.slice(0, end), response: [] };
  });
  const longest = Math.max(...constitution.questions.map((question) => encode(question).length));
  const most = model.config.positions - 1 - longest; // <gist> and the question follow
  for (const { prompt } of spoken) {
    if (prompt.length < 2) throw new InputError('--text has nothing before <gist>');
    if (prompt.length > most)
      throw new InputError(`--text has ${prompt.length} tokens with <bos>; ${most} fit before the question`);
  }
  const { gists } = await readGists(model, spoken);
  printJson(none ? await undirected(model, gists, seed) : await judged(model, gists, constitution, seed));
}

async function fittedLens(model: Model, seed: number): Promise<Lens> {
  const bar = progressLine('fitting directions');
  const sample = await sampleGists(model, { ...FITTING, seed }, bar.update);
  bar.stop();
  return new Lens(model, sample.gists, sample.situations);
}

async function judged(model: Model, gists: Gists, constitution: Asked, seed: number) {
  const lens = await fittedLens(model, seed);
  const view = await lens.view(constitution);
  return {
    scores: await promptedScores(model, gists, constitution),
    linear: lens.linearScores(gists, view),
    projected: await lens.projectedScores(gists, view),
    constitution: constitution.phrases.map((p) => p.text),
    unknown: constitution.unknown,
    questions: constitution.questions,
  };
}

/** No principle: the linear judge is its own fitted direction, and nothing is projected away. */
async function undirected(model: Model, gists: Gists, seed: number) {
  const lens = await fittedLens(model, seed);
  const scores = await promptedScores(model, gists, NO_CONSTITUTION);
  return {
    scores,
    linear: lens.linearScores(gists, await lens.view(NO_CONSTITUTION)),
    projected: scores,
    questions: NO_CONSTITUTION.questions,
  };
}
