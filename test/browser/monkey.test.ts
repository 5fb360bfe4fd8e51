/**
 * Somebody who presses anything, in any order and faster than the page answers: a fixed number of chance actions
 * of each seed. Nothing may stand in the console, no number may be missing from its words, and after all of it
 * the page can still be put in order and trains.
 */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createRandom, type Random } from '../../src/math/random.ts';
import { visit } from './harness.ts';
import { withInventedNumbers } from './invented.ts';

const ACTIONS = 150;
const WRITTEN = [
  'truth',
  'deceit, winning and power',
  'Honesty & mercy; no lies',
  'marmalade',
  'never marmalade mercy mercy',
  '<gist> , by',
  ' and ',
  'care '.repeat(40),
];
const KEYS = [
  ...['Control+z', 'Control+z', 'Control+Shift+z', 'Tab', 'Shift+Tab', 'Enter', 'Space', 'Escape'],
  ...['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'Backspace'],
];
const LINKS = [
  '',
  '#v=1&c=deceit*0.3,mercy&ask=nothing',
  '#v=1&c=&seed=8',
  '#v=1&c=honesty&seed=7&keep=rest&dot=17',
  '#v=9&c=power&dot=99999',
  '#v=1&c=honesty,honesty&seed=-3',
];
const SIZES = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
  { width: 820, height: 500 },
];
/** What no sentence of the page may hold. */
const NO_NUMBER = /NaN|undefined|Infinity|\[object|null|step [-−]/;

/** Presses one of what can be pressed, or pulls one of what can be pulled; says which. */
const touch = (page: Page, kind: 'press' | 'pull', chance: number, to: number) =>
  page.evaluate(
    ([kind, chance, to]) => {
      const wanted = kind === 'pull' ? 'input[type=range]' : 'button, summary';
      const all = [...document.querySelectorAll<HTMLElement>(wanted)].filter(
        (one) =>
          one.checkVisibility() &&
          !one.matches(':disabled') &&
          !/^(Full|Leave|Save)/.test(one.ariaLabel ?? ''),
      );
      const one = all[Math.floor(chance * all.length)];
      if (!one) return 'nothing';
      one.focus();
      if (one instanceof HTMLInputElement) {
        one.value = `${Number(one.min) + to * (Number(one.max) - Number(one.min))}`;
        one.dispatchEvent(new Event('input', { bubbles: true }));
        if (to < 0.7) one.dispatchEvent(new Event('change', { bubbles: true }));
      } else one.click();
      return one.ariaLabel ?? one.textContent.trim();
    },
    [kind, chance, to] as const,
  );

/** Does one thing by chance, and says what it was. */
async function act(page: Page, random: Random): Promise<string> {
  const kind = random.weighted(
    ['press', 'pull', 'write', 'key', 'point', 'link', 'size', 'theme', 'die'] as const,
    (one) => ({ press: 10, pull: 4, write: 3, key: 6, point: 4, link: 1, size: 1, theme: 1, die: 0.4 })[one],
  );
  if (kind === 'press' || kind === 'pull')
    return `${kind} ${await touch(page, kind, random.uniform(), random.uniform())}`;
  if (kind === 'write') {
    const text = random.pick(WRITTEN);
    const field = page.getByRole('combobox');
    if ((await field.count()) === 0) return 'no field';
    await field.focus();
    await page.keyboard.insertText(text);
    if (random.chance(0.8)) await page.keyboard.press('Enter');
    return `write ${text}`;
  }
  if (kind === 'key') {
    const key = random.pick(KEYS);
    await page.keyboard.press(key);
    return key;
  }
  if (kind === 'point') {
    const box = await page.getByRole('application').nth(random.integer(2)).boundingBox();
    if (!box) return 'no plot';
    await page.mouse.move(box.x + random.uniform() * box.width, box.y + random.uniform() * box.height);
    if (random.chance(0.25)) await page.mouse.down();
    else if (random.chance(0.5)) await page.mouse.up();
    return 'point';
  }
  if (kind === 'link') {
    const link = random.pick(LINKS);
    await page.evaluate((hash) => (location.hash = hash), link);
    return `link ${link}`;
  }
  if (kind === 'size') await page.setViewportSize(random.pick(SIZES));
  else if (kind === 'theme') await page.emulateMedia({ colorScheme: random.pick(['light', 'dark']) });
  else await page.workers()[0]?.evaluate('self.close()');
  return kind;
}

/** Whatever was done: a new engine where there is none, one principle, no run; and that one is trained. */
async function putInOrder(page: Page): Promise<void> {
  await page.mouse.up();
  await page.setViewportSize(SIZES[0]);
  const again = page.getByRole('button', { name: 'Start the engine again' });
  const train = page.getByRole('button', { name: 'Train on its own judgement' });
  await page.evaluate(() => (location.hash = '#v=1&c=honesty&seed=3'));
  await expect
    .poll(
      async () => {
        if (await again.isVisible()) await again.click();
        return (await train.isVisible()) && (await train.isEnabled());
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  await page.getByRole('button', { name: '4×' }).click();
  await train.click();
  const newest = async () =>
    Number(await page.getByRole('slider', { name: 'Step looked at' }).getAttribute('max'));
  await expect.poll(newest, { timeout: 30_000 }).toBeGreaterThan(2);
}

/** MONKEY=2,3,4 tries others. */
const seeds = process.env.MONKEY?.split(',') ?? ['1'];

test.each(seeds)(
  'chance actions of seed %s leave a page that works',
  async (seed) => {
    const done: string[] = [];
    await visit(
      async ({ page, troubles }) => {
        const random = createRandom(`monkey ${seed}`);
        for (let i = 0; i < ACTIONS; i++) {
          done.push(await act(page, random));
          const text = await page.evaluate(() => document.body.innerText);
          const trail = () => `${done.length} actions, the last: ${done.slice(-12).join(' · ')}`;
          expect(NO_NUMBER.exec(text)?.input.slice(0, 80) ?? '', trail()).toBe('');
          expect(troubles, trail()).toEqual([]);
        }
        await putInOrder(page);
      },
      { viewport: SIZES[Number(seed) % 2], prepare: withInventedNumbers },
    );
  },
  120_000,
);
