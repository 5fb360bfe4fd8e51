/** Any file may fail: missing, another page in its place, cut off, never there. The page says so, and nothing waits for ever unsaid. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page, type Route } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { words } from '../../src/words/en.ts';
import { findBrowser } from './find.mjs';
import { visit, type Visit } from './harness.ts';

const PATIENCE = 120_000;
const [NOT_COME, FROM_DISK] = words.late;

type Fault = (route: Route) => Promise<void>;
const FAULTS: Record<string, Fault> = {
  missing: (route) => route.fulfill({ status: 404, body: '' }),
  'a page in its place': (route) =>
    route.fulfill({ body: '<!doctype html><p>Not found</p>', contentType: 'text/html' }),
  'cut off': async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    const type = response.headers()['content-type'];
    await route.fulfill({ body: body.subarray(0, Math.floor(body.length * 0.6)), contentType: type });
  },
  'never there': () => new Promise(() => {}),
};

/** The head says so after its few seconds, and has been painted. */
async function headSays(page: Page): Promise<void> {
  await page.waitForTimeout(8_000);
  expect(await page.getByText(NOT_COME).isVisible()).toBe(true);
  const painted = () => page.evaluate(() => performance.getEntriesByName('first-contentful-paint').length);
  await expect.poll(painted, { timeout: PATIENCE }).toBe(1);
}

/** What the console says of a fault is expected. */
const withFault = (files: string | RegExp, fault: Fault, body: (visit: Visit) => Promise<void>) =>
  visit(
    async (all) => {
      await body(all);
      await all.page.unrouteAll({ behavior: 'ignoreErrors' });
      all.troubles.length = all.host.troubles.length = 0;
    },
    {
      path: '?backend=wasm',
      until: 'commit',
      prepare: async (page) => void (await page.route(files, fault)),
    },
  );

const says = (page: Page, text: string) => page.getByText(text).first().waitFor({ timeout: PATIENCE });
const reloads = (page: Page) =>
  page.getByRole('button', { name: words.failed.reload }).waitFor({ timeout: PATIENCE });

test.each(Object.entries(FAULTS))(
  'the page’s own script %s: its head says so',
  async (_, fault) => {
    await withFault('**/assets/index-*.js', fault, ({ page }) => headSays(page));
  },
  240_000,
);

test.each(Object.entries(FAULTS))(
  'its styles %s: its head says so',
  async (_, fault) => {
    await withFault('**/assets/index-*.css', fault, ({ page }) => headSays(page));
  },
  240_000,
);

const ENGINE = {
  'the worker’s script': '**/worker/engine-*.js',
  'what it loads': '**/worker/begin-*.js',
  'the kernels': /\/worker\/(simd|relaxed)-/,
  'the backend': '**/*.wasm',
};
const engineCases = Object.entries(ENGINE).flatMap(([what, files]) =>
  Object.keys(FAULTS).map((name) => ({ what, files, name })),
);
test.each(engineCases)(
  '$what $name: the page says so, and offers to load again',
  async ({ files, name }) => {
    await withFault(files, FAULTS[name], async ({ page }) => {
      const { slow, because } = words.failed;
      const missed = page.locator('.failed').getByText(because['no-files']);
      const late = page.locator('.failed').getByText(slow);
      if (name === 'cut off') {
        // half of a short script may be a script, too, which fails in its own way: with a word for it, and a way on
        await page.locator('.failed').getByRole('button').waitFor({ timeout: PATIENCE });
        return;
      }
      await (name === 'never there' ? late : missed).waitFor({ timeout: PATIENCE });
      await reloads(page);
    });
  },
  240_000,
);

test.each(['config.json', 'model.safetensors'])(
  'a model’s file that fails: %s',
  async (file) => {
    for (const name of ['missing', 'a page in its place', 'cut off']) {
      await withFault(`**/models/base/${file}`, FAULTS[name], async ({ page }) => {
        await says(page, words.failed.because['no-model']);
        await reloads(page);
        expect(await page.locator('body').innerText(), name).not.toMatch(/\bof 0\b/);
      });
    }
  },
  400_000,
);

test('another model than the one that the page was built with is none', async () => {
  const zeros: Fault = async (route) => {
    const body = await (await route.fetch()).body();
    await route.fulfill({ body: Buffer.from(body).fill(0, 8 + Number(body.readBigUInt64LE(0))) });
  };
  await withFault('**/models/base/model.safetensors', zeros, async ({ page }) => {
    await says(page, words.failed.because['other-model']);
    expect(await page.locator('.failed').textContent()).toContain('The model that was loaded is');
  });
}, 240_000);

test('from a disk the page says what to do', async () => {
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(join(inject('site'), 'index.html')).href);
    await page.getByText(FROM_DISK).waitFor({ timeout: 30_000 });
  } finally {
    await browser.close();
  }
}, 60_000);

test('a figure is saved as a picture without a network', async () => {
  await visit(
    async ({ page }) => {
      const tools = page.getByRole('group', { name: words.tools.group(words.cloud.title) });
      await tools.getByRole('button', { name: words.tools.save, exact: true }).click({ timeout: PATIENCE });
      await expect
        .poll(() => page.getByRole('contentinfo').innerText(), { timeout: PATIENCE })
        .toMatch(/ready; /);
      await page.waitForLoadState('networkidle'); // the prediction is computed, not fetched
      await page.context().setOffline(true);
      const saved = async (kind: string) => {
        const [file] = await Promise.all([
          page.waitForEvent('download'),
          tools.getByRole('button', { name: kind }).click(),
        ]);
        return readFileSync(await file.path(), 'latin1');
      };
      const svg = await saved(words.tools.svg);
      expect(svg.match(/@font-face\{[^}]*data:font\/woff2/g)?.length).toBeGreaterThan(1);
      await tools.getByRole('button', { name: words.tools.save, exact: true }).click();
      expect(await saved(words.tools.png)).toContain('PNG');
      await page.context().setOffline(false);
    },
    { path: '?backend=wasm' },
  );
}, 240_000);
