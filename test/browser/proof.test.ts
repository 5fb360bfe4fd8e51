/** WebGPU runs the shipped model where it computes what it should, and nowhere else; the status says why. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { visit } from './harness.ts';

const status = (page: Page) => page.getByRole('contentinfo').innerText();
const stands = (page: Page, text: RegExp) =>
  expect.poll(() => status(page), { timeout: 200_000 }).toMatch(text);

test('WebGPU that reproduces the shipped numbers stays', async () => {
  await visit(
    async ({ page, host }) => {
      await stands(page, /WebGPU: webgpu was asked for\./);
      expect(host.served).toContain('models/base/proof.json');
      expect(host.served.filter((file) => file.endsWith('.wasm'))).toEqual([]); // nothing else was asked
    },
    { path: '?backend=webgpu' },
  );
}, 240_000);

/** A graphics card that computes something else: one constant of its programs is another. */
const FAULTS = [
  { what: 'GELU', from: '0.044715', to: '0.144715', says: /its logits are off by/ },
  { what: 'AdamW', from: 'u.rate * m1', to: '0.5 * u.rate * m1', says: /its training step is off by/ },
];

test.each(FAULTS)(
  'where its $what is wrong, WebAssembly runs and the status says why',
  async ({ from, to, says }) => {
    let put = 0;
    await visit(
      async ({ page }) => {
        await stands(page, /WebAssembly: webgpu was asked for, but /);
        expect(await status(page)).toMatch(says);
        expect(put).toBeGreaterThan(0);
        await stands(page, /ready; |not trained yet/);
      },
      {
        path: '?backend=webgpu',
        prepare: async (page) => {
          await page.route('**/assets/worker/*.js', async (route) => {
            const response = await route.fetch();
            const text = await response.text();
            if (text.includes(from)) put += 1;
            await route.fulfill({ response, body: text.replaceAll(from, to) });
          });
        },
      },
    );
  },
  300_000,
);
