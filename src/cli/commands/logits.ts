import type { Command } from 'commander';
import { logits } from '../../model/score.ts';
import { BOS } from '../../world/tokenizer.ts';
import { encodeText } from '../text.ts';
import { withModel } from '../flags.ts';
import { loadModel, type ModelFlags } from '../model.ts';
import { InputError, printJson } from '../output.ts';

export function logitsCommand(program: Command): void {
  withModel(program.command('logits').description('logits at every position of a text'))
    .requiredOption('--text <text>', 'tokens separated by spaces')
    .action(async ({ text, ...flags }: ModelFlags & { text: string }) => {
      const encoded = encodeText('--text', text);
      const ids = encoded[0] === BOS ? encoded : [BOS, ...encoded];
      const model = await loadModel(flags);
      const most = model.config.positions;
      if (ids.length > most) throw new InputError(`--text has ${ids.length} tokens; the model reads ${most}`);
      printJson({ ids, logits: await logits(model, ids) });
    });
}
