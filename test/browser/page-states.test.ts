/**
 * Every state of the page, in both themes, wide and on a phone: no accessibility rule is broken, no words lie
 * on others, nothing is in the console, nothing scrolls sideways. The states are fixtures of the development server, so the numbers
 * in them are invented; that none of this reaches the published page is tested too.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { FIXTURES } from '../fake/fixtures.ts';
import { collisions, missed, open, PHONE, sideways, violations, whole, WIDE } from './states.ts';
import { words } from '../../src/words/en.ts';

/** States in which nothing is projected: there is no principle, or no engine. */
const UNPROJECTED = ['empty', 'failed', 'loading'];

/** Folder for a picture of every state, for people to look at; none are taken without it. */
const PICTURES = process.env.PICTURES;

test.each(FIXTURES)('%s, in both themes, wide and on a phone', async (name) => {
  await open(name, async (page) => {
    await page.locator('.chapter').last().scrollIntoViewIfNeeded(); // it is measured and drawn only once it is seen
    if (!UNPROJECTED.includes(name)) await page.locator('.slope svg').waitFor();
    await page.evaluate(() => scrollTo(0, 0));
    for (const viewport of [WIDE, PHONE]) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const which = `${name}-${viewport.width}-${colorScheme}`;
        if (PICTURES) await page.screenshot({ path: join(PICTURES, `${which}.png`), fullPage: true });
        expect(await violations(page), which).toEqual([]);
      }
      expect(await sideways(page)).toBeLessThanOrEqual(0);
      expect(await collisions(page), `${viewport.width}`).toEqual([]);
    }
  });
});

test('keeps its order at 200% and in narrow windows', async () => {
  for (const width of [640, 320]) {
    await open(
      'paused',
      async (page) => {
        await whole(page);
        expect(await sideways(page)).toBeLessThanOrEqual(0);
        expect(await collisions(page), `${width}`).toEqual([]);
      },
      { viewport: { width, height: 600 } },
    );
  }
});

test('can be read in forced colours', async () => {
  await open('paused', async (page) => expect(await violations(page)).toEqual([]), {
    forcedColors: 'active',
  });
});

test('a finger hits what it aims at on a phone, 44 px wide and high', async () => {
  await open(
    'paused',
    async (page) => {
      await whole(page);
      expect(await missed(page)).toEqual([]);
    },
    { viewport: PHONE, hasTouch: true },
  );
});

test('what is far below a phone’s window has its title, and is made by and by, wherever one is', async () => {
  const titles = (page: Page) =>
    page.locator('h2').evaluateAll((all) => all.map((one) => one.firstChild?.textContent?.trim()));
  await open(
    'paused',
    async (page) => {
      const far = page.locator('.far');
      // at one moment, since it is made some seconds after the opening
      const [places, made] = await page.evaluate(() =>
        ['.far', '.story'].map((one) => document.querySelectorAll(one).length),
      );
      expect(places).toBeGreaterThan(1);
      expect(made).toBe(0);
      const first = await titles(page);
      const curve = page.getByRole('heading', { name: 'What training does to it' });
      await curve.scrollIntoViewIfNeeded();
      await page.locator('section.curve path.run').first().waitFor();
      await expect.poll(() => far.count()).toBe(0);
      expect((await titles(page)).filter((one) => first.includes(one))).toEqual(first);
    },
    { viewport: PHONE },
  );
});

test('on a phone Train and its speeds are under the thumb', async () => {
  await open(
    'before',
    async (page) => {
      const train = page.getByRole('button', { name: 'Train on its own judgement' });
      const place = (await train.boundingBox())!;
      expect(place.y + place.height).toBeLessThan(PHONE.height);
      await train.tap();
      const pause = page.getByRole('button', { name: 'Pause' });
      expect(await pause.boundingBox()).toEqual(place); // it never moves under the finger
      await page.waitForTimeout(1000); // sooner, the second press would be that of a double click
      await pause.tap();
      expect(await page.getByRole('button', { name: 'Go on' }).boundingBox()).toEqual(place);
      const slow = page.getByRole('button', { name: 'slow' });
      await slow.tap();
      expect(await slow.getAttribute('aria-pressed')).toBe('true');
      // a slow step is told above the bar, which keeps its height: also where it stands at its own place in the page
      await page.getByRole('heading', { name: 'A constitution is a projection' }).scrollIntoViewIfNeeded();
      const bar = page.locator('.pinned');
      const { height } = (await bar.boundingBox())!;
      await page.getByRole('button', { name: 'one step' }).tap();
      const told = page.getByText(words.train.doing.sample);
      await told.waitFor();
      const [above, now] = [(await told.boundingBox())!, (await bar.boundingBox())!];
      expect(now.height).toBe(height);
      expect(above.y + above.height).toBeLessThanOrEqual(now.y + 1);
    },
    { viewport: PHONE, hasTouch: true, isMobile: true },
  );
});

test('full screen gives a figure all the room, and its own back', async () => {
  await open('paused', async (page) => {
    for (const [title, plot] of [
      ['What it could say', 'section.cloud .plot'],
      ['What training does to it', 'section.curve .plot'],
      ['What the judge can see', '.space'],
    ]) {
      const height = async () => (await page.locator(plot).boundingBox())!.height;
      const tools = page.getByRole('group', { name: title });
      await tools.scrollIntoViewIfNeeded();
      const own = await height();
      await tools.getByRole('button', { name: 'Full screen' }).click();
      await expect.poll(height).toBeGreaterThan(own + 20);
      expect(await collisions(page)).toEqual([]);
      await tools.getByRole('button', { name: 'Leave full screen' }).click();
      await expect.poll(height).toBe(own);
    }
  });
});

test('a constitution is written, weighed, undone and broken with the keyboard alone', async () => {
  await open('before', async (page) => {
    const field = page.getByRole('combobox', { name: 'Add a principle' });
    await field.focus();
    await page.keyboard.type('justice');
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
    await page.keyboard.type('good manners');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('good+manners');
    await page.keyboard.press('Control+z'); // a command: it opens no list over the page
    await expect.poll(() => page.url()).not.toContain('manners');
    expect(await page.getByRole('option').count()).toBe(0);
  });
});

test('the list under the field is opened, walked, left and pressed', async () => {
  await open('before', async (page) => {
    const field = page.getByRole('combobox', { name: 'Add a principle' });
    const options = page.getByRole('option');
    const marked = page.getByRole('option', { selected: true });
    const expanded = () => field.getAttribute('aria-expanded');
    await field.focus();
    expect([await options.count(), await expanded()]).toEqual([0, 'false']);
    await page.keyboard.press('ArrowDown'); // opens it at its first
    await expect.poll(() => marked.count()).toBe(1);
    expect(await expanded()).toBe('true');
    expect(await field.getAttribute('aria-activedescendant')).toBe(await marked.getAttribute('id'));
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    const second = (await options.nth(1).textContent())!;
    expect(await marked.textContent()).toBe(second);
    await page.keyboard.press('Escape');
    expect([await options.count(), await expanded()]).toEqual([0, 'false']);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('slider', { name: `Weight of ${second}` }).waitFor();
    expect([await field.inputValue(), await options.count()]).toEqual(['', 0]);

    await page.keyboard.type('just');
    await page.getByRole('option', { name: 'justice', exact: true }).click();
    await page.getByRole('slider', { name: 'Weight of justice' }).waitFor();
    await page.keyboard.type('free'); // the field still has the focus
    await expect.poll(() => options.count()).toBeGreaterThan(0);
    for (let i = 0; i < 4; i++) await page.keyboard.press('Backspace');
    expect(await options.count()).toBe(0); // an emptied field asks for nothing
    await page.keyboard.type('free');
    await page.keyboard.press('Tab');
    await expect.poll(() => options.count()).toBe(0);
  });
});

test('who presses away what is in focus goes on at the field', async () => {
  await open('before', async (page) => {
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await page.getByRole('button', { name: 'Remove mercy' }).press('Enter');
    await expect.poll(focused).toBe('Add a principle');
    await page.getByRole('button', { name: 'winning' }).press('Enter');
    await expect.poll(focused).toBe('Add a principle');
    for (const phrase of ['truth', 'care', 'mercy', 'fairness', 'justice', 'freedom', 'liberty']) {
      await page.keyboard.type(phrase);
      await page.keyboard.press('Enter');
    }
    // eight are the most: the field is gone, and another Enter takes none away
    const chips = page.getByRole('button', { name: /^Remove / });
    await expect.poll(() => chips.count()).toBe(8);
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toBe(words.constitution.full(8));
    await page.keyboard.press('Enter');
    expect(await chips.count()).toBe(8);
  });
});

test('a word of any length stays in its chip', async () => {
  await open(
    'before',
    async (page) => {
      const remove = page.getByRole('button', { name: /^Remove pneumono/ });
      await remove.click();
      await expect.poll(() => remove.count()).toBe(0);
    },
    { hash: `#v=1&c=honesty,${'pneumono'.repeat(7)}` },
  );
});

test('a finger that scrolls rewinds nothing; one that taps or draws along the axis does', async () => {
  await open(
    'paused',
    async (page) => {
      await whole(page);
      const axis = page.locator('.axis');
      await axis.scrollIntoViewIfNeeded();
      const step = () => page.getByRole('slider', { name: 'Step looked at' }).inputValue();
      const newest = await step();
      const box = (await axis.boundingBox())!;
      const session = await page.context().newCDPSession(page);
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: [number, number][]) =>
        session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y]) => ({ x, y })) });
      const [x, y] = [box.x + box.width / 4, box.y + box.height / 2];
      await touch('touchStart', [[x, y]]);
      for (let i = 1; i <= 8; i++) await touch('touchMove', [[x, y - 15 * i]]);
      await touch('touchEnd', []);
      expect(await step()).toBe(newest);

      const after = (await axis.boundingBox())!;
      const [from, to] = [after.x + after.width / 3, after.x + 4];
      const line = after.y + after.height / 2;
      await touch('touchStart', [[from, line]]);
      for (let i = 1; i <= 8; i++) await touch('touchMove', [[from + ((to - from) * i) / 8, line]]);
      await touch('touchEnd', []);
      await expect.poll(step).toBe('0');
    },
    { viewport: PHONE, isMobile: true, hasTouch: true },
  );
});

test('the fall goes by keys from one measured share to the next', async () => {
  await open('before', async (page) => {
    await whole(page);
    const slider = page.getByRole('slider', { name: 'How much is dropped' });
    await slider.scrollIntoViewIfNeeded();
    await expect.poll(() => slider.isEnabled()).toBe(true);
    await slider.focus();
    const seen: string[] = [];
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('ArrowRight');
      seen.push(
        `${await slider.inputValue()}: ${(await slider.getAttribute('aria-valuetext'))!.split(':')[0]}`,
      );
    }
    expect(seen.map((one) => one.replace(/ of the rest.*/, ''))).toEqual([
      '0.1: 10%',
      '0.2: 20%',
      '0.3: 30%',
    ]);
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
    await page.getByText('Your constitution and the 8 steps done so far are kept.').waitFor();
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
