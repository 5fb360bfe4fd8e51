/**
 * Opens the built site in Chromium, as a visitor of a static host would, and holds every visit to the same
 * rules: no error in the console, no failed request, none to another host, nothing against the policy.
 */
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { afterAll, expect, inject } from 'vitest';
import { findBrowser } from './find.mjs';
import { publish, type StaticHost } from './static.ts';

const ARGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // Whatever a page or a worker asks of another host fails, here and on a machine without a network.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

let browser: Promise<Browser> | undefined;
const hosts = new Map<string, Promise<StaticHost>>();

afterAll(async () => {
  await (await browser)?.close();
  for (const host of hosts.values()) await (await host).close();
});

/** One browser for a test file; every visit has a context of its own. */
function launch(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: findBrowser(), args: ARGS });
  return browser;
}

function hostOf(folder: string): Promise<StaticHost> {
  if (!hosts.has(folder)) hosts.set(folder, publish(folder));
  return hosts.get(folder)!;
}

/** Writes what goes wrong in a page of this context into `troubles`. Chromium reports violations of the policy as errors in the console. */
function watch(context: BrowserContext, { address }: StaticHost, troubles: string[]): void {
  const { host } = new URL(address);
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.host !== host)
      troubles.push(`foreign request: ${request.url()}`);
  });
  context.on('requestfailed', (request) => {
    troubles.push(`failed request: ${request.url()} ${request.failure()?.errorText}`);
  });
  context.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => troubles.push(`uncaught: ${error.error().stack}`));
}

export interface Visit {
  page: Page;
  host: StaticHost;
  /** What went wrong so far. A test that means to provoke something takes it out again. */
  troubles: string[];
}

export interface VisitOptions extends BrowserContextOptions {
  /** After the site's address: '' or e.g. '#/lab'. */
  path?: string;
  /** Before the page is opened: e.g. other answers to some requests. */
  prepare?: (page: Page) => Promise<void>;
  /** What is waited for before the page is handed over: 'commit' where some of it may never come. */
  until?: 'load' | 'commit';
}

async function visitFolder<T>(
  folder: string,
  body: (visit: Visit) => Promise<T>,
  { path = '', prepare, until = 'load', ...options }: VisitOptions = {},
): Promise<T> {
  const host = await hostOf(folder);
  host.troubles.length = host.served.length = 0;
  const troubles: string[] = [];
  const context = await (await launch()).newContext(options);
  try {
    watch(context, host, troubles);
    const page = await context.newPage();
    await prepare?.(page);
    await page.goto(host.address + path, { waitUntil: until });
    const result = await body({ page, host, troubles });
    expect([...troubles, ...host.troubles]).toEqual([]);
    return result;
  } finally {
    await context.close();
  }
}

/**
 * Opens the site and hands the page to `body`; fails if anything went wrong in it.
 * `options` are Playwright's: viewport, colorScheme, reducedMotion, …
 */
export function visit<T>(body: (visit: Visit) => Promise<T>, options?: VisitOptions): Promise<T> {
  return visitFolder(inject('site'), body, options);
}

/**
 * Runs the default export of test/browser/NAME.probe.ts in a module worker of a production build.
 * `args` and the result are JSON.
 */
export function probe<P extends (args: never) => unknown>(
  name: string,
  args?: Parameters<P>[0],
): Promise<Awaited<ReturnType<P>>> {
  return visitFolder(inject('probes'), ({ page }) =>
    page.evaluate(
      ([name, args]) =>
        (globalThis as unknown as { probe(name: string, args: unknown): never }).probe(name, args),
      [name, args] as const,
    ),
  );
}
