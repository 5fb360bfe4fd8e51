/**
 * `npm run lighthouse`: what Lighthouse says of dist/, as a static host publishes it, on a phone and on a
 * desktop. Apart from `npm test`, because its marks for speed depend on how busy the machine is, and because
 * it fetches Lighthouse, which brings more packages than everything else here.
 */
import { spawn } from 'node:child_process';
import { findBrowser } from './browser/find.mjs';
import { publish } from './browser/static.ts';

const LIGHTHOUSE = 'lighthouse@12.2.3';
const LEAST = 95;
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];

/** The part of Lighthouse's report that is read here. */
interface Report {
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, { score: number | null; title: string; displayValue?: string }>;
}

function lighthouse(address: string, options: string[]): Promise<Report> {
  const args = ['--yes', LIGHTHOUSE, address, '--output=json', '--quiet', ...options];
  const flags = '--chrome-flags=--headless=new --no-sandbox';
  const child = spawn('npx', [...args, `--only-categories=${CATEGORIES.join(',')}`, flags], {
    env: { ...process.env, CHROME_PATH: findBrowser() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let report = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (report += part));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve(JSON.parse(report) as Report)
        : reject(new Error(`Lighthouse ended with ${code}.`)),
    );
  });
}

const host = await publish('dist');
try {
  for (const [where, options] of [
    ['phone', []],
    ['desktop', ['--preset=desktop']],
  ] as const) {
    const { categories, audits } = await lighthouse(host.address, [...options]);
    for (const [name, { score, auditRefs }] of Object.entries(categories)) {
      const mark = Math.round((score ?? 0) * 100);
      console.log(`${mark < LEAST ? '✗' : '✓'} ${where}, ${name}: ${mark}`);
      if (mark < LEAST) process.exitCode = 1;
      for (const { id, weight } of auditRefs) {
        const { score: part, title, displayValue = '' } = audits[id];
        if (weight > 0 && part !== null && part < 0.9) console.log(`    ${title}: ${displayValue}`);
      }
    }
  }
} finally {
  await host.close();
}
