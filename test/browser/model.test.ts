/** Other models of the site in the page, by a link; what counts as good, too. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { MODELS } from '../../src/cli/model.ts';
import { shippedModels } from '../../src/cli/shipped.ts';
import { words } from '../../src/words/en.ts';
import { readShipped } from '../../src/model/shipped.ts';
import { visit } from './harness.ts';

const PATIENCE = 120_000;
const OPTIONS = { viewport: { width: 1280, height: 900 } };

const status = (page: Page) => page.getByRole('contentinfo').innerText();
const train = (page: Page) => page.getByRole('button', { name: 'Train on its own judgement', exact: true });

test('a link opens another model, on which everything works; the recorded run is none of its own', async () => {
  await visit(
    async ({ page, host }) => {
      await expect
        .poll(
          () =>
            train(page)
              .isEnabled()
              .catch(() => false),
          { timeout: PATIENCE },
        )
        .toBe(true);
      expect(await status(page)).toContain('16k parameters');
      expect(await page.locator('.demo').count()).toBe(0);
      expect(host.served.filter((file) => file.endsWith('.safetensors'))).toEqual([
        'models/sweep/kind-16-0/model.safetensors',
      ]);
      await train(page).click();
      // The prediction is there before the first step is drawn.
      const drawn = () => page.locator('section.curve path.run').count();
      const predicted = () => page.locator('section.curve .band').count();
      let early = false;
      await expect
        .poll(async () => ((early ||= (await predicted()) === 0 && (await drawn()) > 0), drawn()), {
          timeout: PATIENCE,
          interval: 50,
        })
        .toBeGreaterThan(1);
      expect(early).toBe(false);
      const listed = await page.evaluate(
        async () => (await fetch('models/index.json')).json() as Promise<unknown>,
      );
      expect(readShipped(listed)).toEqual(await shippedModels(MODELS));
    },
    { ...OPTIONS, path: '?backend=wasm#v=1&model=kind-16-0&good=1,1,0,0,0,-1' },
  );
}, 300_000);

test('a model that there is not is told', async () => {
  await visit(
    async ({ page }) => {
      await page.getByText(words.failed.because['no-model'], { exact: false }).waitFor({ timeout: PATIENCE });
      expect(await page.locator('.failed').textContent()).toContain('no model of the name or id nobody');
    },
    { ...OPTIONS, path: '?backend=wasm#v=1&model=nobody' },
  );
}, 240_000);
