import type { Command } from 'commander';
import { MODELS } from '../model.ts';
import { printJson } from '../output.ts';
import { shippedModels } from '../shipped.ts';

export function modelsCommand(program: Command): void {
  program
    .command('models')
    .description('the models that the site has: every one can be opened by its name or id')
    .option('--json', 'print one JSON object and nothing else')
    .action(async ({ json }: { json?: boolean }) => {
      const models = await shippedModels(MODELS);
      if (json) return printJson({ models });
      const longest = Math.max(...models.map(({ name }) => name.length));
      for (const { name, id, label } of models)
        process.stdout.write(`${name.padEnd(longest)}  ${id}  ${label}\n`);
    });
}
