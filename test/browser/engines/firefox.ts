/** Firefox over WebDriver BiDi, without a window. */
import { launch } from 'puppeteer-core';
import { findFirefox } from '../find.mjs';
import { Stage, type Driver } from './driver.ts';

/** @param webgpu lets it use WebGPU, on a graphics card in software */
export async function firefox({ webgpu = false } = {}): Promise<Driver> {
  const stage = new Stage();
  const browser = await launch({
    browser: 'firefox',
    executablePath: findFirefox(),
    headless: true,
    protocolTimeout: 240_000,
    env: { ...process.env, HOME: stage.home },
    extraPrefsFirefox: {
      'dom.webgpu.enabled': webgpu,
      'dom.webgpu.workers.enabled': webgpu,
      'gfx.webgpu.ignore-blocklist': webgpu, // which has every card in software
    },
  });
  const page = await browser.newPage();
  const at = (xpath: string) => page.locator(`::-p-xpath(${xpath})`);
  return {
    version: await browser.version(),
    goto: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    resize: (width, height) => page.setViewport({ width, height }),
    evaluate: (body, ...args) => page.evaluate(body as never, ...args),
    press: (xpath) => at(xpath).click(),
    async write(xpath, text) {
      await at(xpath).click();
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    },
    picture: () => page.screenshot(),
    async close() {
      await browser.close();
      await stage.close();
    },
  };
}
