import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readConfig, readSafetensors } from '../../model/checkpoint.ts';
import { SHIPPED, makeFolderOf } from '../model.ts';
import { InputError, printJson, say } from '../output.ts';
import { proofFile } from '../proof.ts';

interface Flags {
  model: string;
  out?: string;
  json?: boolean;
}

export function proofCommand(program: Command): void {
  program
    .command('proof')
    .description('write the numbers that WebGPU has to reproduce before it runs the model')
    .option('--model <dir>', 'checkpoint folder', SHIPPED)
    .option('--out <file>', 'JSON; proof.json in the folder unless it is given')
    .option('--json', 'print one JSON object and nothing else')
    .action(run);
}

async function run({ model, out = join(model, 'proof.json'), json }: Flags): Promise<void> {
  makeFolderOf(out);
  const text = await proofFile(...read(model));
  writeFileSync(out, text);
  if (json) return printJson({ out, bytes: text.length });
  say(`wrote ${out}: ${(text.length / 1000).toFixed(1)} kB`);
}

function read(folder: string) {
  try {
    const config = readConfig(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')));
    return [config, readSafetensors(config, readFileSync(join(folder, 'model.safetensors')))] as const;
  } catch (error) {
    throw new InputError(`cannot read the model in ${folder}: ${(error as Error).message}`);
  }
}
