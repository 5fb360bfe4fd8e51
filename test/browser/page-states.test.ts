/**
 * Every state of the page, in both themes, wide and on a phone: no accessibility rule is broken, nothing is
 * in the console, nothing scrolls sideways. The states are fixtures of the development server, so the numbers
 * in them are invented; that none of this reaches the published page is tested too.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { FIXTURES } from '../fake/fixtures.ts';
import { findBrowser } from './find.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

let server: ViteDevServer;
let browser: Browser;
let address: string;

beforeAll(async () => {
  server = await createServer({
    configFile: 'vite.config.ts',
    mode: 'development',
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1', open: false, hmr: false, watch: null },
    // found while a page is open, these would make it load anew
    optimizeDeps: { include: ['pure-rand/distribution/uniformInt', 'pure-rand/generator/xoroshiro128plus'] },
  });
  await server.listen();
  address = server.resolvedUrls!.local[0];
  browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox', '--disable-gpu'] });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

interface Options {
  viewport?: typeof WIDE;
  forcedColors?: 'active';
  hash?: string;
}

/** Opens a fixture and hands over the page; fails if anything stood in its console. */
async function open<T>(
  name: string,
  body: (page: Page) => Promise<T>,
  { hash = '', ...options }: Options = {},
) {
  const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce', ...options });
  const troubles: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
  });
  context.on('weberror', (error) => troubles.push(String(error.error().stack)));
  try {
    const page = await context.newPage();
    await page.goto(`${address}?fixture=${name}${hash}`);
    await page.waitForFunction((wanted) => document.documentElement.dataset.fixture === wanted, name);
    const result = await body(page);
    expect(troubles).toEqual([]);
    return result;
  } finally {
    await context.close();
  }
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE); // the page's policy lets no script element in
  const { violations: found } = await page.evaluate(
    (values) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document, { runOnly: { type: 'tag', values } }),
    RULES,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 140)} ${node.failureSummary}`),
  );
}

const sideways = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

test.each(FIXTURES)('%s, in both themes, wide and on a phone', async (name) => {
  await open(name, async (page) => {
    for (const viewport of [WIDE, PHONE]) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await violations(page), `${viewport.width} ${colorScheme}`).toEqual([]);
      }
      expect(await sideways(page)).toBeLessThanOrEqual(0);
    }
  });
});

test('keeps its order at 200% and in narrow windows', async () => {
  for (const width of [640, 320]) {
    await open('paused', async (page) => expect(await sideways(page)).toBeLessThanOrEqual(0), {
      viewport: { width, height: 600 },
    });
  }
});

test('can be read in forced colours', async () => {
  await open('paused', async (page) => expect(await violations(page)).toEqual([]), {
    forcedColors: 'active',
  });
});

test('what a finger presses on a phone is 44 px high, or is text with room around it', async () => {
  await open(
    'paused',
    async (page) => {
      const small = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('button:not(.suggestion), input, summary')]
          .filter((one) => one.checkVisibility() && !one.closest('[aria-hidden]'))
          .map((one) => ({ what: one.ariaLabel ?? one.textContent, box: one.getBoundingClientRect() }))
          .filter(({ box }) => box.height < 43.5 || box.width < 43.5)
          .map(({ what, box }) => `${what} ${box.width} × ${box.height}`),
      );
      expect(small).toEqual([]);
    },
    { viewport: PHONE },
  );
});

test('a constitution is written, weighed, undone and broken with the keyboard alone', async () => {
  await open('before', async (page) => {
    const field = page.getByRole('combobox', { name: 'Add a principle' });
    await field.focus();
    await page.keyboard.type('just');
    await page.getByRole('option', { name: 'justice', exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('slider', { name: 'Weight of justice' }).focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.url()).toContain('c=honesty,mercy,justice*0.9');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await expect.poll(() => page.url()).not.toContain('justice');
    await page.keyboard.press('Control+Shift+Z');
    await expect.poll(() => page.url()).toContain('justice');
    await field.focus();
    await page.keyboard.type('marmalade');
    await page.keyboard.press('Enter');
    await page.getByText('“marmalade” is not a word of this model').waitFor();
  });
});

test('training runs, pauses, is rewound and goes on', async () => {
  await open('before', async (page) => {
    await page.getByRole('button', { name: '4×' }).click();
    await page.getByRole('button', { name: 'Train on its own judgement' }).click();
    const scrubber = page.getByRole('slider', { name: 'Step looked at' });
    await expect.poll(async () => Number(await scrubber.getAttribute('max'))).toBeGreaterThan(3);
    await page.getByRole('button', { name: 'Pause' }).click();
    await scrubber.focus();
    await page.keyboard.press('Home');
    await expect.poll(() => page.getByRole('contentinfo').textContent()).toContain('looking at step 0');
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect.poll(() => page.getByRole('contentinfo').textContent()).toContain('live, step');
  });
});

test('an engine that died is started again by one button', async () => {
  await open('failed', async (page) => {
    await page.getByText('Your constitution and the 8 steps recorded so far are kept.').waitFor();
    await page.getByRole('button', { name: 'Start the engine again' }).click();
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect
      .poll(async () =>
        Number(await page.getByRole('slider', { name: 'Step looked at' }).getAttribute('max')),
      )
      .toBeGreaterThan(8);
  });
});

test('a damaged link opens what it can and says so; what it says is never markup', async () => {
  await open(
    'before',
    async (page) => {
      await page.getByText('Part of this link could not be read.').waitFor();
      await page.getByRole('slider', { name: 'Weight of justice' }).waitFor();
      expect(await page.locator('img').count()).toBe(0);
    },
    { hash: '#v=1&c=justice*0.5&seed=%3Cimg%20src=x%3E' },
  );
});

test('nothing of the invented numbers is in the published page', () => {
  const folder = join(inject('site'), 'assets');
  const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  );
  expect(scripts.length).toBeGreaterThan(0);
  for (const file of scripts)
    expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(/fixture|fakeEngine|graphics adapter here/);
});
