/** What the page weighs on the wire, from the files of a built site. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../model.ts';

export const WORKER = 'assets/worker';
const textOf = (site: string, file: string) => readFileSync(join(site, file), 'utf8');

/** Bytes of some files, gzip. */
export function gzipBytes(site: string, files: Iterable<string>): number {
  return [...files].reduce((sum, file) => sum + gzipSync(textOf(site, file), { level: 9 }).length, 0);
}

/** Scripts and styles that the page loads to open, as its index.html names them. */
export function openingFiles(site: string): string[] {
  const named = textOf(site, 'index.html').matchAll(
    /<(?:script|link)\b[^>]*(?:src|href)="\.\/([^"]+\.(?:js|css))"/g,
  );
  return [...named].map(([, file]) => file);
}

/** Scripts that the worker loads before it can compute with a backend: its own, the backend and our kernels. */
export function workerFiles(site: string, backend: 'wasm' | 'webgpu'): Set<string> {
  const scripts = readdirSync(join(site, WORKER)).filter((file) => file.endsWith('.js'));
  const page = openingFiles(site).map((file) => textOf(site, file));
  const entries = scripts.filter((file) => page.some((text) => text.includes(`worker/${file}`)));
  const begun = entries.flatMap((file) =>
    [...textOf(site, `${WORKER}/${file}`).matchAll(/\bimport\(["'`]\.\/([^"'`]+)/g)].map(([, next]) => next),
  );
  const backends = { wasm: 'tfjs-backend-wasm.wasm', webgpu: 'WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE' };
  const kernels = { wasm: /^simd-/, webgpu: /^(kernels|prepare|proof)-/ };
  const needed = scripts.filter(
    (file) => kernels[backend].test(file) || textOf(site, `${WORKER}/${file}`).includes(backends[backend]),
  );
  const reached = new Set([...entries, ...begun, ...needed]);
  for (const file of reached)
    for (const [, next] of textOf(site, `${WORKER}/${file}`).matchAll(/\bfrom\s*["']\.\/([^"']+)["']/g))
      reached.add(next);
  return new Set([...reached].map((file) => `${WORKER}/${file}`));
}

/** Bytes, gzip: scripts and styles that the page opens with, and scripts of its worker by backend. */
export interface Weight {
  opening: number;
  workerWasm: number;
  workerWebgpu: number;
}

/** Builds the site into a folder of its own, and weighs it. */
export async function weighSite(): Promise<Weight> {
  const site = mkdtempSync(join(tmpdir(), 'latent-values-bench-'));
  try {
    const env = { ...process.env, NODE_ENV: 'production' };
    const args = ['build', '--logLevel', 'error', '--outDir', site, '--emptyOutDir'];
    const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
    await promisify(execFile)(process.execPath, [vite, ...args], { cwd: ROOT, env });
    return {
      opening: gzipBytes(site, openingFiles(site)),
      workerWasm: gzipBytes(site, workerFiles(site, 'wasm')),
      workerWebgpu: gzipBytes(site, workerFiles(site, 'webgpu')),
    };
  } finally {
    rmSync(site, { recursive: true });
  }
}
