import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Command } from 'commander';
import { EngineClient, EngineError } from '../../worker/client.ts';
import { failureOf } from '../../worker/failure.ts';
import { handlers } from '../../worker/handlers.ts';
import { pack, record, type Recording } from '../../worker/recording.ts';
import { serve } from '../../worker/serve.ts';
import { makeFolderOf, ROOT, SHIPPED } from '../model.ts';
import { InputError, printJson, progressLine, say } from '../output.ts';

/** Where the page looks for it. */
export const RECORDED = join(ROOT, 'public/recorded/opening.bin');

interface Flags {
  model: string;
  out: string;
  json?: boolean;
}

export function recordCommand(program: Command): void {
  program
    .command('record')
    .description('write the run that the page plays while its engine starts')
    .option('--model <dir>', 'checkpoint folder', SHIPPED)
    .option('--out <file>', 'gzipped JSON', RECORDED)
    .option('--json', 'print one JSON object and nothing else')
    .action(run);
}

async function run({ model, out, json }: Flags): Promise<void> {
  makeFolderOf(out);
  const bar = progressLine('recording');
  const recording = await withEngine(async (client) => {
    const folder = pathToFileURL(model).href;
    return record(client, folder, (stage, done) => bar.update(done, `· ${stage}`));
  }).catch((error: unknown) => {
    if (error instanceof EngineError && error.kind === 'no-model') throw new InputError(error.message);
    throw error;
  });
  bar.stop();
  const bytes = gzipSync(pack(recording), { level: 9 });
  writeFileSync(out, bytes);
  report(recording, bytes.length, out, json);
}

/** The page's engine, in this process: the same handlers behind the same messages. */
async function withEngine<T>(body: (client: EngineClient) => Promise<T>): Promise<T> {
  const { port1, port2 } = new MessageChannel();
  const get = (url: URL) => Promise.resolve(new Response(readFileSync(url)));
  serve(port1, handlers({ get }), failureOf);
  try {
    return await body(new EngineClient(port2));
  } finally {
    port1.close();
  }
}

function report({ reports, reason }: Recording, bytes: number, out: string, json?: boolean): void {
  const [first, last] = [reports[0].row, reports.at(-1).row];
  const gain = last.trueValue.value - first.trueValue.value;
  if (json) return printJson({ out, bytes, steps: last.step, kl: last.kl, gain, reason });
  const [kl, more] = [last.kl.toFixed(2), gain.toFixed(2)];
  say(
    `wrote ${out}: ${last.step} steps, ${kl} nats, true value ${more} higher, ${(bytes / 1000).toFixed(1)} kB`,
  );
}
