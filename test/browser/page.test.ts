import { expect, test } from 'vitest';
import { visit } from './harness.ts';

test('the page opens, with nothing in the console and nobody else’s host asked', async () => {
  await visit(async ({ page }) => {
    await page.waitForLoadState('networkidle');
    expect(await page.title()).toBe('Latent Values');
    expect(await page.locator('#app > *').count()).toBeGreaterThan(0);
  });
});
