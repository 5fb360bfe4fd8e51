// Plain Node, because the set-up uses it before anything is installed.
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const VULKAN = '/usr/share/vulkan/icd.d';

/** @param {string} path */
function runs(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string[]} names
 * @returns {string | undefined} path of the first that is on the PATH
 */
function onPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(runs);
}

/**
 * The browser of the tests: $CHROMIUM where it is set, else the first known name on the PATH.
 * @returns {string | undefined} path of an executable
 */
export function findBrowser() {
  if (process.env.CHROMIUM) return runs(process.env.CHROMIUM) ? process.env.CHROMIUM : undefined;
  return onPath(...CHROMIUM) ?? MAC.find(runs);
}

/** @returns {string | undefined} path of Firefox */
export const findFirefox = () => onPath('firefox-esr', 'firefox');

/** @returns {{ driver: string, browser: string, display: string } | undefined} paths of what drives WebKitGTK */
export function findWebkit() {
  const [driver, display] = [onPath('WebKitWebDriver'), onPath('Xvfb')];
  const browser = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/libexec']
    .flatMap((folder) =>
      ['webkit2gtk-4.1', 'webkit2gtk-4.0'].map((version) => join(folder, version, 'MiniBrowser')),
    )
    .find(runs);
  return driver && browser && display ? { driver, browser, display } : undefined;
}

/** Whether Mesa's lavapipe is here, a graphics card in software that Firefox takes for WebGPU. */
const hasLavapipe = () =>
  existsSync(VULKAN) && readdirSync(VULKAN).some((file) => file.startsWith('lvp_icd'));

/**
 * What the tests of other browsers than Chromium would miss here: the name of what is not tested, and why. Under CI
 * such tests fail; elsewhere they are skipped.
 * @returns {Partial<Record<'Firefox' | 'WebKit' | 'WebGPU in Firefox', string>>}
 */
export function missingEngines() {
  const noFirefox = findFirefox() ? {} : { Firefox: 'there is no firefox-esr or firefox' };
  const noWebkit = findWebkit() ? {} : { WebKit: 'there is no WebKitWebDriver with MiniBrowser, or no Xvfb' };
  const obstacle =
    noFirefox.Firefox ?? (hasLavapipe() ? undefined : 'there is no lavapipe (mesa-vulkan-drivers)');
  return { ...noFirefox, ...noWebkit, ...(obstacle ? { 'WebGPU in Firefox': obstacle } : {}) };
}
