import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { visit } from './harness.ts';

test('the page opens, with nothing in the console and nobody else’s host asked', async () => {
  await visit(async ({ page }) => {
    await page.waitForLoadState('networkidle');
    expect(await page.title()).toBe('Latent Values');
    expect(await page.locator('#app > *').count()).toBeGreaterThan(0);
  });
});

/** Where the title and the promise stand, and what they say. */
const headOf = (page: Page) =>
  page.locator('.mark, h1, .promise').evaluateAll((all) =>
    all.map((one) => {
      const { left, top, width, height } = one.getBoundingClientRect();
      return { text: one.textContent, left, top, width, height };
    }),
  );

async function withoutScripts(page: Page): Promise<void> {
  await page.route('**/*.js', (route) => route.fulfill({ body: '', contentType: 'text/javascript' }));
}

test('the head of the page is there before any script, in its place', async () => {
  for (const viewport of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ]) {
    const before = await visit(async ({ page }) => headOf(page), { viewport, prepare: withoutScripts });
    expect(before.map(({ text }) => text)).toContain('Can a model teach itself to be good?');
    const after = await visit(
      async ({ page }) => {
        await page.getByRole('button', { name: /^Train/ }).waitFor();
        await page.evaluate(() => document.fonts.ready);
        return headOf(page);
      },
      { viewport },
    );
    expect(after).toEqual(before);
  }
}, 240_000);
