import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { configOf } from '../../src/model/config.ts';
import { createRandom } from '../../src/math/random.ts';
import { checkpointFiles } from '../../src/model/folder.ts';
import { modelId } from '../../src/model/id.ts';
import { roundWeights } from '../../src/model/safetensors.ts';
import { initialWeights } from '../../src/model/parameters.ts';
import { VOCABULARY } from '../../src/world/tokenizer.ts';
import { visit } from './harness.ts';

/** What the built page asks its engine for. */
const SHIPPED_ID = (JSON.parse(readFileSync('public/models/base/run.json', 'utf8')) as { id: string }).id;

/** The run's line on the curve: one point a finished step. */
const CURVE = 'section.curve path.run';
const trainButton = (page: Page) => page.getByRole('button', { name: /train on its own judgement/i });
const status = (page: Page) => page.locator('footer').last();

/** Waits until the engine is live, presses Train, and watches the curve until it was seen in `states` states. */
async function seeTheCurveMove(page: Page, states: number, patience: number): Promise<string[]> {
  await expect
    .poll(
      () =>
        trainButton(page)
          .isEnabled()
          .catch(() => false),
      { timeout: patience },
    )
    .toBe(true);
  await trainButton(page).click();
  const seen: string[] = [];
  const look = async () => {
    const lines = await page
      .locator(CURVE)
      .evaluateAll((paths) => paths.map((path) => path.getAttribute('d') ?? ''));
    const line = lines.join(' ');
    if (line && line !== seen.at(-1)) seen.push(line);
    return seen.length;
  };
  await expect.poll(look, { timeout: patience, interval: 100 }).toBeGreaterThanOrEqual(states);
  return seen;
}

test('WASM: Train moves the curve, Pause stops it, and the engine says what runs', async () => {
  await visit(
    async ({ page }) => {
      await seeTheCurveMove(page, 3, 100_000);
      await page.getByRole('button', { name: /pause/i }).click();
      await expect.poll(() => status(page).innerText()).toMatch(/paused at step \d+/i);
      expect(await status(page).innerText()).toContain('WebAssembly');
    },
    { path: '?backend=wasm', viewport: { width: 1280, height: 1400 } },
  );
}, 240_000);

/**
 * A random model of two narrow blocks that soon says ".": a graphics card imitated in software takes milliseconds
 * for every operation, and with the shipped model minutes for a step.
 */
async function serveSmallModel(page: Page): Promise<void> {
  const config = configOf(VOCABULARY.length, 8, 2);
  const weights = initialWeights(config, createRandom(1));
  const stop = VOCABULARY.indexOf('.') * config.width;
  weights['transformer.ln_f.bias'].fill(1);
  weights['transformer.wte.weight'].fill(1, stop, stop + config.width); // its logit: 8
  const files = checkpointFiles(config, weights);
  const id = await modelId(config, roundWeights(weights));
  await page.route('**/assets/index-*.js', async (route) => {
    const text = await (await route.fetch()).text();
    await route.fulfill({ body: text.replaceAll(SHIPPED_ID, id), contentType: 'text/javascript' });
  });
  await page.route('**/models/base/*', (route) => {
    const body = files[new URL(route.request().url()).pathname.split('/').at(-1)];
    return body === undefined ? route.continue() : route.fulfill({ body: Buffer.from(body) });
  });
}

test('WebGPU: Train moves the curve', async () => {
  await visit(
    async ({ page }) => {
      await seeTheCurveMove(page, 2, 280_000);
      expect(await status(page).innerText()).toContain('WebGPU');
    },
    { path: '?backend=webgpu', viewport: { width: 1280, height: 1400 }, prepare: serveSmallModel },
  );
}, 600_000);
