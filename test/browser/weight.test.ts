import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { gzipBytes, openingFiles, workerFiles } from '../../src/cli/bench/bundle.ts';
import { visit } from './harness.ts';

/** Bytes on the wire of scripts and styles that the page's own thread loads to open; not fonts, not the worker. */
const LIMIT = 120_000;

/** Bytes on the wire of the worker's scripts, those of its backend among them; not TensorFlow.js's .wasm. */
const WORKER_LIMIT = 160_000;

/** Bytes on the wire of what a chapter adds when one comes near it. */
const CHAPTER_LIMIT = 40_000;

/** Chapters by the name of their component; how soon their files are fetched depends on the machine. */
const CHAPTERS = ['Sandbox', 'Projection'];

/** A name that tfjs-core keeps through minification: where it stores its engine. */
const TFJS = '_tfengine';

const read = (file: string) => readFileSync(join(inject('site'), file), 'utf8');

/** What a chapter brings besides what the page opens with: its own files, and what they import. */
function chapterFiles(name: string): Set<string> {
  const site = inject('site');
  const opening = openingFiles(site);
  const reached = new Set(
    readdirSync(join(site, 'assets'))
      .map((file) => `assets/${file}`)
      .filter((file) => file.startsWith(`assets/${name}-`)),
  );
  for (const file of reached)
    for (const [, next] of read(file).matchAll(/\bfrom\s*["'`]\.\/([^"'`]+)["'`]/g))
      if (!opening.includes(`assets/${next}`)) reached.add(`assets/${next}`);
  return reached;
}

test('the page is light, and TensorFlow.js is in the worker alone', async () => {
  const files = await visit(async ({ page, host }) => {
    await page.waitForLoadState('networkidle');
    const urls = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    return urls.filter((url) => url.startsWith(host.address)).map((url) => url.slice(host.address.length));
  });
  const chapters = CHAPTERS.flatMap((name) => [...chapterFiles(name)]);
  const own = [...new Set(files)].filter(
    (file) => /\.(js|css)$/.test(file) && !file.includes('/worker/') && !chapters.includes(file),
  );
  const total = gzipBytes(inject('site'), own);
  console.log(`The page opens with ${(total / 1000).toFixed(1)} of ${LIMIT / 1000} kB.`);
  expect(own.length).toBeGreaterThan(0);
  expect(total, own.join(', ')).toBeLessThanOrEqual(LIMIT);
  // what `lab bench` weighs is what the browser loads
  expect(openingFiles(inject('site')).toSorted()).toEqual(own.toSorted());

  expect(own.filter((file) => read(file).includes(TFJS))).toEqual([]);
  const workers = readdirSync(join(inject('site'), 'assets/worker')).filter((file) => file.endsWith('.js'));
  expect(workers.some((file) => read(`assets/worker/${file}`).includes(TFJS))).toBe(true);
});

test.each(CHAPTERS)('chapter %s comes in files of its own, which are light', (name) => {
  const site = inject('site');
  const opening = openingFiles(site);
  const reached = chapterFiles(name);
  expect([...reached].some((file) => file.endsWith('.js'))).toBe(true);
  const total = gzipBytes(site, reached);
  console.log(`Chapter ${name} brings ${(total / 1000).toFixed(1)} of ${CHAPTER_LIMIT / 1000} kB.`);
  expect([...reached].filter((file) => opening.includes(file))).toEqual([]);
  expect(total).toBeLessThanOrEqual(CHAPTER_LIMIT);
});

test('without a graphics adapter the worker is light: one build of the kernels, and nothing of WebGPU', async () => {
  const files = await visit(async ({ page, host }) => {
    await expect
      .poll(() => page.getByRole('contentinfo').innerText(), { timeout: 120_000 })
      .toMatch(/ready; /);
    return host.served.filter((file) => /\/worker\/.*\.js$/.test(file));
  });
  const own = [...new Set(files)];
  const total = gzipBytes(inject('site'), own);
  console.log(`The worker loads ${(total / 1000).toFixed(1)} of ${WORKER_LIMIT / 1000} kB.`);
  expect(total, own.join(', ')).toBeLessThanOrEqual(WORKER_LIMIT);
  expect(files.filter((file) => /\/(simd|relaxed)-/.test(file)).length).toBe(1);
  const others = (list: Iterable<string>) =>
    [...list].filter((file) => !/\/(simd|relaxed)-/.test(file)).map((file) => file.replace(/^\//, ''));
  expect(others(workerFiles(inject('site'), 'wasm')).toSorted()).toEqual(others(own).toSorted());
  expect(files.filter((file) => read(file).includes('createComputePipeline'))).toEqual([]);
}, 180_000);
