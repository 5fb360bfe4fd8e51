import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { EACH } from '../../analysis/sample.ts';
import { promptedScores } from '../../values/constitution.ts';
import { inAll } from '../../values/respond.ts';
import { sampleGists, valuedSample } from '../../values/sampled.ts';
import { NO_PRINCIPLE, verdicts } from '../../values/verdicts.ts';
import { VALUE_NAMES } from '../../world/values.ts';
import { count, withModel, withTrueWeights, type TrueWeightsFlag } from '../flags.ts';
import { loadModel, makeFolderOf, type ModelFlags } from '../model.ts';
import { npz } from '../npy.ts';
import { InputError, printJson, progressLine, say } from '../output.ts';
import { constitutionOf } from '../text.ts';

interface Flags extends ModelFlags, TrueWeightsFlag {
  constitution: string;
  weights?: string;
  n: number;
  seed: number;
  out: string;
  json?: boolean;
}

export function dataCommand(program: Command): void {
  const command = program
    .command('data')
    .description('raw rows: responses, ground truth, likelihood, gists, scores');
  withTrueWeights(withModel(command))
    .requiredOption('--constitution <text>', 'principles joined by "and" or commas')
    .option('--weights <list>', 'one weight a principle, separated by commas')
    .option('--n <n>', `responses in all, at least ${EACH} a situation`, count('n', 1, 100_000), 2000)
    .requiredOption('--out <file>', 'a .npz for numpy, or a .jsonl with one JSON object a line')
    .action(run);
}

async function run({
  constitution: text,
  weights,
  n,
  seed,
  trueWeights,
  out,
  json,
  ...flags
}: Flags): Promise<void> {
  if (!/\.(npz|jsonl)$/.test(out)) throw new InputError('--out should end in .npz or .jsonl');
  const constitution = constitutionOf(text, weights);
  makeFolderOf(out);
  const model = await loadModel(flags);
  const bar = progressLine('sampling');
  const drawn = await sampleGists(model, { name: 'data', seed, ...inAll(n, EACH) }, bar.update);
  const sample = valuedSample(drawn, trueWeights);
  const scores = await promptedScores(model, sample.gists, constitution);
  const none = await verdicts(model, sample.gists, NO_PRINCIPLE);
  bar.stop();
  const { responses, situations, gists, logProbs } = sample;
  if (out.endsWith('.npz')) {
    const numbers = (of: (r: (typeof responses)[number]) => number) => ({
      numbers: Float32Array.from(responses, of),
    });
    const columns = {
      prompt: { texts: responses.map((r) => r.promptText) },
      response: { texts: responses.map((r) => r.responseText) },
      situation: { numbers: Float32Array.from(situations) },
      values: {
        numbers: Float32Array.from(responses.flatMap((r) => VALUE_NAMES.map((name) => r.values[name]))),
        width: VALUE_NAMES.length,
      },
      true_value: numbers((r) => r.trueValue),
      well_formed: numbers((r) => (r.wellFormed ? 1 : 0)),
      log_prob: { numbers: logProbs },
      gist: { numbers: gists.data, width: gists.size },
      score: { numbers: scores },
      score_no_principle: { numbers: none },
    };
    writeFileSync(out, npz(columns));
  } else {
    const lines = responses.map((r, i) =>
      JSON.stringify({
        prompt: r.promptText,
        response: r.responseText,
        situation: situations[i],
        values: r.values,
        trueValue: r.trueValue,
        wellFormed: r.wellFormed,
        logProb: logProbs[i],
        gist: [...gists.data.subarray(i * gists.size, (i + 1) * gists.size)],
        score: scores[i],
        scoreNoPrinciple: none[i],
      }),
    );
    writeFileSync(out, `${lines.join('\n')}\n`);
  }
  if (json) printJson({ out, rows: responses.length });
  else say(`wrote ${responses.length} rows to ${out}`);
}
