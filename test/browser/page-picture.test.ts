/** A figure saved as a picture: what it shows is in it, it needs nothing from the page, and says where it comes from. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { open, PHONE } from './states.ts';

/** The last one is measured when it comes into view. */
const FIGURES = ['What it could say', 'What training does to it', 'What the judge can see'];

async function fallen(page: Page): Promise<void> {
  const letFall = page.getByRole('button', { name: 'Let fall' });
  await letFall.scrollIntoViewIfNeeded();
  await letFall.click();
}

async function saved(page: Page, figure: string, kind: string): Promise<{ name: string; bytes: Buffer }> {
  const tools = page.getByRole('group', { name: `Tools for “${figure}”` });
  await tools.getByRole('button', { name: 'Save', exact: true }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    tools.getByRole('button', { name: new RegExp(kind) }).click(),
  ]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** Elements and words of an SVG, or the error of a reader that is strict. */
const read = (page: Page, svg: string) =>
  page.evaluate((text) => {
    const { documentElement: root } = new DOMParser().parseFromString(text, 'image/svg+xml');
    const words = Array.from(root.querySelectorAll('text'), (one) => one.textContent.trim());
    const outside = Array.from(root.querySelectorAll('*')).filter(
      (one) =>
        one.hasAttribute('class') || one.hasAttribute('style') || one.namespaceURI !== root.namespaceURI,
    );
    return {
      error: root.querySelector('parsererror')?.textContent ?? null,
      title: root.querySelector('title')?.textContent,
      width: Number(root.getAttribute('width')),
      paths: root.querySelectorAll('path').length,
      words,
      outside: outside.map((one) => one.outerHTML.slice(0, 80)),
    };
  }, svg);

/** How many colours are in a PNG, and its size, px. */
const look = (page: Page, png: Buffer) =>
  page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    return { colours: new Set(new Uint32Array(data.buffer)).size, width: image.width };
  }, png.toString('base64'));

test('every figure is saved as lines and as pixels, with its title, its source and a link', async () => {
  await open(
    'paused',
    async (page) => {
      await fallen(page);
      for (const figure of FIGURES) {
        const { name, bytes } = await saved(page, figure, 'SVG');
        const svg = bytes.toString('utf8');
        const { error, title, words, width, outside } = await read(page, svg);
        expect(error, name).toBeNull();
        expect(title).toBe(figure);
        expect(words).toContain(figure);
        expect(words).toContain('Latent Values · by justice · seed 3 · 171k parameters on WebAssembly');
        expect(words.at(-1)).toMatch(/^http.*\/#v=1&c=justice&seed=3$/);
        expect(outside).toEqual([]);
        expect(svg).not.toMatch(/var\(|color-mix|oklab|url\((?!data:)/);
        expect(svg).toMatch(/@font-face.*data:font\/woff2/);

        const png = await saved(page, figure, 'PNG');
        const { colours, width: pixels } = await look(page, png.bytes);
        expect(png.name).toBe(name.replace('.svg', '.png'));
        expect(colours).toBeGreaterThan(200);
        expect(pixels).toBe(2 * width);
      }
    },
    { hash: '#v=1&c=justice&seed=3' },
  );
}, 120_000);

test('dots are in it as lines, and so are words on a phone', async () => {
  await open(
    'paused',
    async (page) => {
      const { bytes } = await saved(page, FIGURES[0], 'SVG');
      const { paths, words } = await read(page, bytes.toString('utf8'));
      expect(paths).toBeGreaterThan(1000); // 600 responses, most of them filled and stroked
      expect(words).toEqual(expect.arrayContaining(['judged bad', 'rarely said', 'A', 'B']));
      await fallen(page);
      const { bytes: space } = await saved(page, FIGURES[2], 'SVG');
      expect((await read(page, space.toString('utf8'))).words).toContain('What it then says');
    },
    { viewport: PHONE },
  );
}, 120_000);

test('the choices close with Escape, and the focus goes back', async () => {
  await open('paused', async (page) => {
    const tools = page.getByRole('group', { name: `Tools for “${FIGURES[0]}”` });
    const save = tools.getByRole('button', { name: 'Save', exact: true });
    await save.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('SVG');
    await page.keyboard.press('Escape');
    await expect.poll(() => save.getAttribute('aria-expanded')).toBe('false');
    expect(await save.evaluate((one) => one === document.activeElement)).toBe(true);
  });
});
