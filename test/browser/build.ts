/**
 * Builds what the browser tests open, once for all of them: the site, as it is published, and the probes
 * (see probes/worker.ts), with the same configuration. Into a folder of its own, so that neither dist/ nor
 * another run is disturbed.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the built site. */
    site: string;
    /** Folder of the built probes. */
    probes: string;
  }
}

const VITE = ['node_modules/vite/bin/vite.js', 'build', '--config', 'vite.config.ts', '--logLevel', 'error'];

/** A process of its own, because vitest's environment would make it a test build and not a production build. */
async function build(root: string, outDir: string): Promise<void> {
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: 'production' };
  delete env.VITEST;
  const args = [...VITE, root, '--outDir', outDir, '--emptyOutDir'];
  const { stderr } = await promisify(execFile)(process.execPath, args, { env });
  if (stderr) process.stderr.write(stderr);
}

export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'latent-values-build-'));
  const site = join(folder, 'site');
  const probes = join(folder, 'probes');
  await build('.', site);
  await build('test/browser/probes', probes);
  project.provide('site', site);
  project.provide('probes', probes);
  return () => rmSync(folder, { recursive: true });
}
