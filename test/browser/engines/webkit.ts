/** WebKitGTK over WebDriver, on a screen of its own. */
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { Builder, By, Capabilities, Key, until } from 'selenium-webdriver';
import { findWebkit } from '../find.mjs';
import { Stage, type Driver } from './driver.ts';

/** ms in which an element that is wanted has to come. */
const PATIENCE_MS = 30_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Starts a screen in memory; returns its name. */
async function startScreen(stage: Stage, program: string): Promise<string> {
  const args = ['-displayfd', '3', '-screen', '0', '1600x1400x24', '-nolisten', 'tcp'];
  const screen = stage.spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const [number] = (await once(screen.stdio[3] as Readable, 'data')) as [Buffer];
  return `:${number.toString().trim()}`;
}

async function untilListening(address: string): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const up = await fetch(`${address}/status`).then(
      () => true,
      () => false,
    );
    if (up) return;
    await setTimeout(100);
  }
  throw new Error('WebKitWebDriver does not answer');
}

export async function webkit(): Promise<Driver> {
  const found = findWebkit();
  if (!found) throw new Error('there is no WebKit here');
  const stage = new Stage();
  const { home } = stage;
  const DISPLAY = await startScreen(stage, found.display);
  const folders = { HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home };
  const env = { ...process.env, ...folders, DISPLAY, GDK_BACKEND: 'x11' };
  const port = await freePort();
  stage.spawn(found.driver, [`--port=${port}`, '--host=127.0.0.1'], { env, stdio: 'ignore' });
  const address = `http://127.0.0.1:${port}`;
  await untilListening(address);
  const browser = await new Builder()
    .disableEnvironmentOverrides()
    .usingServer(address)
    .withCapabilities(
      new Capabilities({
        browserName: 'MiniBrowser',
        'webkitgtk:browserOptions': {
          binary: found.browser,
          args: ['--automation'],
        },
      }),
    )
    .build();
  await browser.manage().setTimeouts({ script: 60_000 });
  const at = async (xpath: string) => {
    const found = await browser.wait(
      until.elementLocated(By.xpath(xpath)),
      PATIENCE_MS,
      `there is no ${xpath}`,
    );
    return browser.wait(until.elementIsEnabled(found), PATIENCE_MS, `${xpath} stays disabled`);
  };
  return {
    version: `${(await browser.getCapabilities()).getBrowserVersion()}`,
    goto: (url) => browser.get(url),
    reload: () => browser.navigate().refresh(),
    async resize(width, height) {
      // of the window with what is round the page, which has to be found out
      const window = browser.manage().window();
      for (let i = 0; i < 2; i++) {
        const { width: w, height: h } = await window.getRect();
        const [x, y] = await browser.executeScript<[number, number]>(() => [innerWidth, innerHeight]);
        await window.setRect({ x: 0, y: 0, width: w + width - x, height: h + height - y });
      }
    },
    evaluate: (body, ...args) => browser.executeScript(body, ...args),
    press: async (xpath) => (await at(xpath)).click(),
    write: async (xpath, text) => (await at(xpath)).sendKeys(text, Key.ENTER),
    picture: async () => Buffer.from(await browser.takeScreenshot(), 'base64'),
    async close() {
      await browser.quit().catch(() => {}); // what hangs is ended below
      await stage.close();
    },
  };
}
