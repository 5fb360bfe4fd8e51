import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { makeFolderOf, MODELS, readNumbers, SHIPPED } from '../model.ts';
import { printJson, say } from '../output.ts';
import { proofFile } from '../proof.ts';
import { placeOf } from '../shipped.ts';

interface Flags {
  model: string;
  out?: string;
  json?: boolean;
}

export function proofCommand(program: Command): void {
  program
    .command('proof')
    .description('write the numbers that WebGPU has to reproduce before it runs the model')
    .option('--model <dir>', 'checkpoint folder, or a model’s name or id', SHIPPED)
    .option('--out <file>', 'JSON; proof.json in the folder unless it is given')
    .option('--json', 'print one JSON object and nothing else')
    .action(run);
}

async function run({ model, out: wanted, json }: Flags): Promise<void> {
  const place = await placeOf(MODELS, model);
  const out = wanted ?? join(place.folder, 'proof.json');
  makeFolderOf(out);
  const { config, weights } = await readNumbers(place);
  const text = await proofFile(config, weights);
  writeFileSync(out, text);
  if (json) return printJson({ out, bytes: text.length });
  say(`wrote ${out}: ${(text.length / 1000).toFixed(1)} kB`);
}
