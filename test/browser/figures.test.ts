/** Every figure by itself, as its table has it: legible everywhere, twice on a page, in a frame, on paper, and on any screen. */
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { FIGURES } from './figures/table.ts';
import { clipped, collisions, missed, openPath, PHONE, sideways, violations, WIDE } from './states.ts';

/** Folder for a picture of everything that is looked at, for people to look at too; none are taken without it. */
const PICTURES = process.env.PICTURES;
/** css px: a sheet of A4 between its margins. */
const PAPER = { width: 718, height: 1047 };

async function shown<T>(
  query: Record<string, string>,
  body: (page: Page) => Promise<T>,
  options?: Parameters<typeof openPath>[2],
): Promise<T> {
  return openPath(
    `test/browser/figures/?${new URLSearchParams(query).toString()}`,
    async (page) => {
      await page.waitForFunction(() => 'shown' in document.documentElement.dataset);
      return body(page);
    },
    options,
  );
}

const look = async (page: Page, name: string) => {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
};

async function isLegible(page: Page | Frame, which: string): Promise<void> {
  // a figure takes up another size in the frames after it
  await expect.poll(() => sideways(page), { message: which, timeout: 5000 }).toBeLessThanOrEqual(0);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  expect(await collisions(page), which).toEqual([]);
  expect(await clipped(page), which).toEqual([]);
}

/** Ids that stand on the page twice, and references to none, or out of the copy that they stand in. */
const loose = (page: Page) =>
  page.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
    const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
    const names = ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-activedescendant'];
    const lost = names.flatMap((name) =>
      [...document.querySelectorAll(`.place [${name}]:not([aria-expanded="false"])`)].flatMap((one) =>
        one
          .getAttribute(name)!
          .split(' ')
          .filter((id) => !one.closest('.place')!.contains(document.getElementById(id)))
          .map((id) => `${name}=${id}`),
      ),
    );
    return [...twice, ...lost];
  });

/** Pixels of every canvas across a css px of it. */
const sharpness = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('canvas')].map((one) => one.width / one.getBoundingClientRect().width),
  );

describe.each(Object.entries(FIGURES))('%s', (figure, { sets }) => {
  const [first] = Object.keys(sets);

  test.each(Object.keys(sets))('%s: in both themes, wide and on a phone, and on paper', async (set) => {
    await shown({ figure, set }, async (page) => {
      for (const viewport of [WIDE, PHONE]) {
        await page.setViewportSize(viewport);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          const which = `${figure}-${set}-${viewport.width}-${colorScheme}`;
          await look(page, which);
          expect(await violations(page), which).toEqual([]);
        }
        await isLegible(page, `${set} ${viewport.width}`);
      }
      await page.setViewportSize(PAPER);
      await page.emulateMedia({ media: 'print', colorScheme: 'light' });
      await look(page, `${figure}-${set}-paper`);
      await isLegible(page, `${set} on paper`);
      const pressable = page.locator('button:not([aria-pressed="true"])');
      expect(await pressable.filter({ visible: true }).allTextContents()).toEqual([]);
    });
  });

  test('a finger hits what it aims at on a phone', async () => {
    await shown({ figure, set: first }, async (page) => expect(await missed(page)).toEqual([]), {
      viewport: PHONE,
      hasTouch: true,
    });
  });

  test('can be read in forced colours', async () => {
    await shown({ figure, set: first }, async (page) => expect(await violations(page)).toEqual([]), {
      forcedColors: 'active',
    });
  });

  test('two on one page share no id, and both are legible', async () => {
    await shown({ figure, set: first, times: '2' }, async (page) => {
      expect(await page.locator('.place > *').count()).toBe(2);
      expect(await loose(page)).toEqual([]);
      await isLegible(page, 'twice');
    });
  });

  test('in a frame it is whole', async () => {
    await shown({ figure, set: first }, async (page) => {
      const address = page.url();
      // what frames it is another page, without our policy
      const body = `<body><iframe width="640" height="900" src="${address.replaceAll('&', '&amp;')}"></iframe>`;
      await page.route('**/embedding', (route) => route.fulfill({ body, contentType: 'text/html' }));
      await page.goto(new URL('/embedding', address).href);
      await expect.poll(() => page.frames().length).toBe(2);
      const frame = page.frames()[1];
      await frame.waitForFunction(() => 'shown' in document.documentElement.dataset);
      await look(page, `${figure}-frame`);
      await isLegible(frame, 'in a frame');
      expect(await frame.locator('.place').innerText()).toMatch(/\S/);
    });
  });

  test('what is on a canvas is drawn anew on a sharper screen, though the figure keeps its size', async () => {
    await shown({ figure, set: first }, async (page) => {
      const before = await sharpness(page);
      const cdp = await page.context().newCDPSession(page);
      const width = () => page.locator('.place').evaluate((one) => one.clientWidth);
      const own = await width();
      await cdp.send('Emulation.setDeviceMetricsOverride', {
        ...WIDE,
        width: WIDE.width + 10, // without which Chromium says nothing of an emulated screen
        deviceScaleFactor: 2,
        mobile: false,
      });
      const wanted = before.map((one) => expect.closeTo(2 * one, 1) as number);
      await expect.poll(() => sharpness(page)).toEqual(wanted);
      expect(await width()).toBe(own);
    });
  });
});
