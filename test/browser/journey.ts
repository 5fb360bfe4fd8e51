/** What a visitor does first, in any browser: looks, asks for another constitution, trains, saves, loads the page anew. */
import { expect } from 'vitest';
import { words } from '../../src/words/en.ts';
import type { Driver } from './engines/driver.ts';
import { publishWatched, troublesOf } from './engines/witness.ts';

const PATIENCE = { timeout: 90_000, interval: 200 };
const button = (name: string) => `//button[.//text()[normalize-space(.)="${name}"] or @aria-label="${name}"]`;

/** What stands on the page, for comparing. */
const seen = (driver: Driver) =>
  driver.evaluate(() => {
    const text = (selector: string) => document.querySelector(selector)?.textContent ?? '';
    const rows = Array.from(document.querySelectorAll('.awakens li'), (row) => [
      row.querySelector('.name')?.firstElementChild?.nextSibling?.textContent ??
        row.querySelector('.name')?.textContent,
      Number(row.querySelector('.number')?.firstChild?.textContent?.replace('−', '-') || NaN),
    ]);
    return {
      title: document.title,
      status: text('footer'),
      awakened: Object.fromEntries(rows) as Record<string, number>,
      busy: document.querySelector('.awakens ul')?.getAttribute('aria-busy'),
      curve: Array.from(document.querySelectorAll('section.curve path.run'), (path) =>
        path.getAttribute('d'),
      ),
    };
  });

const until = (driver: Driver, what: (now: Awaited<ReturnType<typeof seen>>) => boolean, message: string) =>
  expect.poll(async () => what(await seen(driver)), { ...PATIENCE, message }).toBe(true);

/** Catches the next file of a type that the page hands to the visitor: its length and how it begins. */
async function savedBy(driver: Driver, type: string, press: () => Promise<void>) {
  await driver.evaluate((type) => {
    const { createObjectURL } = URL;
    URL.createObjectURL = (blob: Blob) => {
      if (blob.type === type)
        void blob.arrayBuffer().then((buffer) => {
          const head = [...new Uint8Array(buffer).subarray(0, 4)];
          Object.assign(globalThis, { saved: { size: blob.size, head } });
        });
      return createObjectURL(blob);
    };
  }, type);
  await press();
  type Saved = { size: number; head: number[] } | undefined;
  const saved = () => driver.evaluate(() => (globalThis as unknown as { saved: Saved }).saved);
  await expect.poll(saved, PATIENCE).toBeTruthy();
  return (await saved())!;
}

/** Figures' tools that do not stand at the top right of their title, and tables' names without the line under them. */
const misplaced = (driver: Driver) =>
  driver.evaluate(() => {
    const off = Array.from(document.querySelectorAll('h2 > .tools'), (tools) => {
      const [box, title] = [tools.getBoundingClientRect(), tools.parentElement!.getBoundingClientRect()];
      const right = Math.abs(box.right - title.right) <= 6; // the tools' own margin
      return right && Math.abs(box.top - title.top) <= 1 ? [] : [`tools of ${tools.parentElement!.id}`];
    });
    const plain = Array.from(document.querySelectorAll('summary'), (one) =>
      getComputedStyle(one).textDecorationLine === 'underline' ? [] : [`no line under “${one.textContent}”`],
    );
    return [...off, ...plain].flat();
  });

export async function journey(driver: Driver, site: string): Promise<void> {
  const host = await publishWatched(site);
  try {
    await driver.resize(1280, 800);
    await driver.goto(host.address);
    await until(driver, ({ status }) => /ready; /.test(status), 'the engine is live');
    const opened = await seen(driver);
    expect(opened.title).toBe(words.name);

    await driver.resize(1024, 800);
    expect(await misplaced(driver)).toEqual([]);
    await driver.resize(1280, 800);

    await driver.write('//input[@role="combobox"]', 'loyalty');
    await until(
      driver,
      ({ awakened, busy }) => busy === 'false' && awakened['loyalty'] > 0.3,
      'loyalty is judged',
    );
    expect(opened.awakened['loyalty']).toBeLessThan(0.2);

    await driver.press(button(words.train.go));
    await until(driver, ({ curve }) => curve.length >= 2, 'two steps are on the curve');
    const { curve } = await seen(driver);
    await until(driver, (now) => now.curve.length > curve.length, 'the curve moves');

    await driver.press(button(words.train.pause));
    await until(driver, ({ status }) => /paused at step/.test(status), 'it pauses');
    const picture = await savedBy(driver, 'image/png', async () => {
      await driver.press(button(words.tools.save));
      await driver.press(button(words.tools.png));
    });
    expect(picture.head).toEqual([0x89, ...Buffer.from('PNG')]);
    expect(picture.size).toBeGreaterThan(20_000);

    await driver.press(button(words.train.goOn));
    const before = await seen(driver);
    expect(await troublesOf(driver)).toEqual([]);
    await driver.reload();
    await until(driver, (now) => now.curve.length >= before.curve.length, 'the run is kept');
    await until(driver, ({ status }) => /paused at step/.test(status), 'the engine is live again');
    expect([...(await troublesOf(driver)), ...host.troubles]).toEqual([]);

    // and what would have stood in the console is heard, from a worker too
    await driver.evaluate(() => void console.error('heard'));
    expect(await troublesOf(driver)).toEqual(['console: heard']);
  } finally {
    await host.close();
  }
}
