// Everything `npm start` and `npm test` need before they can run, on a clean clone too. Plain Node
// without dependencies, since it is what installs them. `--browser` also sees to a browser.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBrowser, missingEngines } from './browser/find.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a command in the repository's root, its output on ours.
 * @param {string} command
 * @param {string[]} args
 * @returns {boolean} whether it succeeded
 */
function run(command, args) {
  const shell = process.platform === 'win32'; // npm is npm.cmd there
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return (
    spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell, env }).status === 0
  );
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>} by path, node_modules/…
 */
function lockedPackages(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
}

/** Whether every package of the lock file is installed at its version, by npm's own record of it. */
function installed() {
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false;
  const present = lockedPackages('node_modules/.package-lock.json');
  return Object.entries(lockedPackages('package-lock.json')).every(
    ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
  );
}

/**
 * @param {string} message
 * @returns {never}
 */
function stop(message) {
  console.error(message);
  process.exit(1);
}

if (!installed()) {
  console.log('Installing the packages of package-lock.json …');
  // Scripts of packages are not needed; our own `prepare` runs below in any case.
  if (!run('npm', ['ci', '--ignore-scripts'])) {
    console.log(
      'npm ci did not succeed (see above): trying npm install, which may change package-lock.json.',
    );
    if (!run('npm', ['install', '--ignore-scripts'])) stop('The packages could not be installed: see above.');
  }
}

if (!run('npm', ['run', '--silent', 'prepare'])) stop('The kernels could not be built: see above.');

/** Debian's packages of the browsers: Chromium, Firefox, WebKit with a screen in memory, a graphics card in software. */
const PACKAGES = ['chromium', 'firefox-esr', 'webkit2gtk-driver', 'xvfb', 'mesa-vulkan-drivers'];

/** Whether all browsers of the tests are here; Chromium may be another one, by $CHROMIUM. */
const complete = () => findBrowser() !== undefined && Object.keys(missingEngines()).length === 0;

if (process.argv.includes('--browser') && !complete()) {
  const { CHROMIUM } = process.env;
  if (CHROMIUM && !findBrowser()) stop(`CHROMIUM is set to ${CHROMIUM}, which is not an executable.`);
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const wanted = PACKAGES.filter((name) => name !== 'chromium' || !findBrowser());
    console.log(`Installing the packages ${wanted.join(', ')} for the browser tests …`);
    run('apt-get', ['update', '-qq']);
    const install = ['install', '-y', '-qq', '--no-install-recommends'];
    // one that this system does not know should not keep the others away
    if (!run('apt-get', [...install, ...wanted]))
      for (const name of wanted) run('apt-get', [...install, name]);
  }
  if (!findBrowser()) {
    stop('The browser tests need Chromium or Chrome: install one, or set CHROMIUM to its executable.');
  }
}
