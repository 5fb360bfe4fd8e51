/** The other engines: Firefox, and WebKitGTK, which is WebKit but not Safari. One after the other. */
import { expect, inject, onTestFinished, test } from 'vitest';
import type { Driver } from './engines/driver.ts';
import { firefox } from './engines/firefox.ts';
import { webkit } from './engines/webkit.ts';
import { missingEngines } from './find.mjs';
import { journey } from './journey.ts';

const ENGINES: Record<'Firefox' | 'WebKit', () => Promise<Driver>> = { Firefox: firefox, WebKit: webkit };
const missing = missingEngines();

for (const name of ['Firefox', 'WebKit'] as const)
  test.skipIf(missing[name] && !process.env.CI)(
    `${name}: opens, judges another constitution, trains, saves and goes on after a reload`,
    async () => {
      expect(missing[name]).toBeUndefined();
      const driver = await ENGINES[name]();
      onTestFinished(() => driver.close());
      console.log(`${name}: ${driver.version}`);
      await journey(driver, inject('site'));
    },
    240_000,
  );
