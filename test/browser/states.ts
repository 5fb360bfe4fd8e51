/**
 * Opens the page's states on the development server, with invented numbers and no engine, and looks at them
 * as axe does, and as somebody who wants to read every word.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Frame, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect } from 'vitest';
import { findBrowser } from './find.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
export const WIDE = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

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

interface Options extends BrowserContextOptions {
  hash?: string;
}

/** Opens a fixture and hands over the page; fails if anything stood in its console. */
export const open = <T>(
  name: string,
  body: (page: Page) => Promise<T>,
  { hash = '', ...options }: Options = {},
) =>
  openPath(
    `?fixture=${name}${hash}`,
    async (page) => {
      await page.waitForFunction((wanted) => document.documentElement.dataset.fixture === wanted, name);
      return body(page);
    },
    options,
  );

/** The same for any page below the repository's root. */
export async function openPath<T>(
  path: string,
  body: (page: Page) => Promise<T>,
  options: BrowserContextOptions = {},
): Promise<T> {
  const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce', ...options });
  const troubles: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
  });
  context.on('weberror', (error) => troubles.push(String(error.error().stack)));
  try {
    const page = await context.newPage();
    await page.goto(address + path);
    const result = await body(page);
    expect(troubles).toEqual([]);
    return result;
  } finally {
    await context.close();
  }
}

/** Makes what is far below the window, too, as printing does. */
export async function whole(page: Page): Promise<void> {
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await page.waitForFunction(() => !document.querySelector('.far'));
}

/** What axe finds wrong. */
export async function violations(page: Page): Promise<string[]> {
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

/** How far the page can be scrolled sideways, css px. */
export const sideways = (page: Page | Frame) =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/**
 * Words that lie on one another or are cut off by the window, of those that are shown; what is pinned to the screen may
 * cover some.
 */
export const collisions = (page: Page | Frame): Promise<string[]> =>
  page.evaluate(() => {
    const found: { text: string; parent: Element; box: DOMRect }[] = [];
    const walker = document.createTreeWalker(
      document.fullscreenElement ?? document.body,
      NodeFilter.SHOW_TEXT,
    );
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement!;
      const hidden = parent.closest('.unseen, .skip, .pinned, script, style');
      if (hidden || !/\S/.test(node.textContent!) || !parent.checkVisibility({ visibilityProperty: true }))
        continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) found.push({ text: node.textContent!.trim(), parent, box });
    }
    /** css px by which boxes may touch: their line is higher than their letters. */
    const TOUCH = 3;
    const cut = found.filter(({ box }) => box.left < -1 || box.right > innerWidth + 1);
    const pairs = found.flatMap((a, i) =>
      found.slice(i + 1).flatMap((b) => {
        const x = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const y = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        return a.parent !== b.parent && x > TOUCH && y > TOUCH ? [`“${a.text}” and “${b.text}”`] : [];
      }),
    );
    return [...pairs, ...cut.map(({ text }) => `“${text}” and the window`)];
  });

/** Words that something they stand in cuts off: each part that hides what is outside of it shows all of them. */
export const clipped = (page: Page | Frame): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement!;
      const hidden = parent.closest('.unseen, .skip, script, style');
      if (hidden || !/\S/.test(node.textContent!) || !parent.checkVisibility({ visibilityProperty: true }))
        continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      for (let around: Element | null = parent; around; around = around.parentElement) {
        const { overflowX, overflowY, display } = getComputedStyle(around);
        if (display === 'inline' || ![overflowX, overflowY].some((one) => one === 'hidden' || one === 'clip'))
          continue;
        const edge = around.getBoundingClientRect();
        const [x, y] = [
          Math.max(edge.left - box.left, box.right - edge.right),
          Math.max(edge.top - box.top, box.bottom - edge.bottom),
        ];
        if (x > 1 || y > 3) found.push(`“${node.textContent!.trim()}” in ${around.outerHTML.slice(0, 60)}`);
      }
    }
    return found;
  });

/** What a finger that aims at its middle, or up to 21 px beside it, would miss. */
export const missed = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const pressable =
      'button:not(:disabled), input:not(:disabled), summary, [role="application"], [role="slider"]';
    return [...document.querySelectorAll<HTMLElement>(pressable)].flatMap((one) => {
      if (!one.checkVisibility({ visibilityProperty: true })) return [];
      one.scrollIntoView({ block: 'center' });
      const box = one.getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      const beside = [
        [0, 0],
        [0, -21],
        [0, 21],
        [-21, 0],
        [21, 0],
      ];
      return beside.flatMap(([dx, dy]) => {
        const at = document.elementFromPoint(x + dx, y + dy);
        if (at && (one.contains(at) || at.querySelector('input') === one)) return [];
        return [`${one.ariaLabel ?? one.textContent.trim()} at ${dx}, ${dy}: ${at?.outerHTML.slice(0, 60)}`];
      });
    });
  });
