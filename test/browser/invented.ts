/** The published page with invented numbers from a worker of their own: only the page is at work, and it is soon ready. */
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { beforeAll } from 'vitest';

let engine = '';

beforeAll(async () => {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: 'test/fake/worker.ts', formats: ['es'], fileName: 'engine' },
    },
  });
  const [{ output }] = result as { output: { code?: string }[] }[];
  engine = output[0].code!;
});

/** To be called before the page is opened. */
export async function withInventedNumbers(page: Page): Promise<void> {
  await page.route('**/assets/worker/engine-*.js', (route) =>
    route.fulfill({ body: engine, contentType: 'text/javascript' }),
  );
}
