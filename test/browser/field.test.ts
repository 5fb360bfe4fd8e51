/** The constitution's field takes plain English, and asks back what it does not understand. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { collisions, open, PHONE, sideways, violations, WIDE } from './states.ts';

const PICTURES = process.env.PICTURES;

const fieldOf = (page: Page) => page.getByRole('combobox', { name: 'Add a principle' });
const chipsOf = async (page: Page) =>
  (await page.getByRole('button', { name: /^Remove / }).all()).reduce<Promise<string[]>>(
    async (list, one) => [...(await list), (await one.getAttribute('aria-label'))!.replace('Remove ', '')],
    Promise.resolve([]),
  );
const write = async (page: Page, text: string) => {
  await fieldOf(page).focus();
  await page.keyboard.insertText(text);
  await page.keyboard.press('Enter');
};

/** Nothing is hidden, cut or against the rules; and a picture, where some are wanted. */
async function look(page: Page, name: string): Promise<void> {
  for (const viewport of [WIDE, PHONE]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const path = join(PICTURES ?? '', `field-${name}-${viewport.width}-${colorScheme}.png`);
      if (PICTURES) await page.locator('section.law').screenshot({ path });
      expect(await violations(page), name).toEqual([]);
    }
    expect(await sideways(page)).toBeLessThanOrEqual(0);
    expect(await collisions(page), `${viewport.width}`).toEqual([]);
  }
  await page.setViewportSize(WIDE);
}

test('what is asked stands beside a chip that says it otherwise; Enter adds what is written, not what is offered', async () => {
  await open('before', async (page) => {
    await write(page, 'don’t lie');
    await expect.poll(() => chipsOf(page)).toEqual(['honesty', 'mercy', "don't lie"]);
    await page.getByText('asked as “no lies”').waitFor();
    await look(page, 'turned');
    await write(page, 'fair');
    await page.getByText('asked as “fairness”').waitFor();
    expect(await fieldOf(page).inputValue()).toBe('');
  });
});

test('what is not understood is asked back in the field, with what may have been meant', async () => {
  await open('before', async (page) => {
    await write(page, 'cherish');
    await page.getByText('The model does not know “cherish”. Did you mean').waitFor();
    expect(await fieldOf(page).inputValue()).toBe('cherish');
    expect(await chipsOf(page)).toEqual(['honesty', 'mercy']);
    await look(page, 'unknown');
    await page.getByRole('status').getByRole('button', { name: 'care' }).click();
    await expect.poll(() => chipsOf(page)).toEqual(['honesty', 'mercy', 'care']);
    expect([await fieldOf(page).inputValue(), await page.getByText('Did you mean').count()]).toEqual(['', 0]);
    await write(page, '🙂');
    await page.getByText('The model reads words, not pictures or signs.').waitFor();
  });
});

test('a pasted list is several principles; what of it is unknown stays in the field', async () => {
  await open('before', async (page) => {
    await fieldOf(page).focus();
    const list = [
      '1. You should always try to treat everybody equally',
      '2. Keep your promises',
      '• Marmalade for all',
      '- never, ever be rude to people whom you meet',
      '5) “no greed”',
    ];
    expect(list.join().length).toBeGreaterThan(120);
    await fieldOf(page).evaluate((field, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text', text);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, list.join('\n'));
    await page.keyboard.press('Enter');
    await expect.poll(() => chipsOf(page)).toHaveLength(5);
    expect(await fieldOf(page).inputValue()).toContain('marmalade for all');
    await look(page, 'list');
  });
});

test('while an input method composes, Enter is its own', async () => {
  await open('before', async (page) => {
    await fieldOf(page).focus();
    await page.keyboard.insertText('justice');
    for (const last of [{ isComposing: true }, { keyCode: 229 }])
      await fieldOf(page).evaluate(
        (field, init) =>
          field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, ...init })),
        last,
      );
    expect(await chipsOf(page)).toEqual(['honesty', 'mercy']);
    await page.keyboard.press('Enter');
    await expect.poll(() => chipsOf(page)).toContain('justice');
  });
});

test('a link says principles as plainly, and one that is not understood is left out', async () => {
  await open(
    'before',
    async (page) => {
      await page.getByText('asked as “no lies”').waitFor();
      await page.getByText('The model does not know “cherish”. It is left out.').waitFor();
      await page.getByRole('button', { name: 'kindness', exact: true }).click();
      await expect.poll(() => page.url()).toContain("c=don't+lie,kindness");
    },
    { hash: '#v=1&c=Don’t+lie,cherish' },
  );
});

test('a double click on Train starts one run and does not pause it', async () => {
  await open('before', async (page) => {
    await page.getByRole('button', { name: /^Train/ }).dblclick();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await expect.poll(() => page.getByRole('contentinfo').textContent()).toContain('live, step');
  });
});
