import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Content hash of a checkpoint folder: SHA-256 over what a model is read from, in hexadecimal. Throws as fs does. */
export function modelHash(folder: string): string {
  const hash = createHash('sha256');
  for (const name of ['config.json', 'tokenizer.json', 'model.safetensors'])
    hash.update(readFileSync(join(folder, name)));
  return hash.digest('hex');
}
