/**
 * A plain static host that publishes a folder below a sub-path, with texts compressed: no fallback to
 * index.html, and nothing outside the sub-path. A worker does not inherit the policy of the page's <meta>, so
 * scripts are served with the same policy as a header: what runs in a worker is held to it too.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const BASE = '/some/sub/path/';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

export interface StaticHost {
  /** Address of the folder, with a slash at its end. */
  address: string;
  /** Content-Security-Policy of the published page. */
  policy: string;
  /** Everything that went wrong so far: files that are not there, reports of the policy. */
  troubles: string[];
  /** Paths served so far, relative to the address, those asked for by workers among them. */
  served: string[];
  close: () => Promise<void>;
}

const TEXTS = /^text\/|json$|svg|wasm$/;
const packed = promisify(gzip);

/** What Chromium posts to the policy's report-uri. */
interface Report {
  'csp-report': Record<'source-file' | 'violated-directive' | 'blocked-uri', string>;
}

/** The policy of a built page, or an error when it has none. */
function policyOf(folder: string): string {
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
  if (!policy) throw new Error(`${folder}/index.html has no Content-Security-Policy`);
  return policy.replaceAll('&#39;', "'");
}

/** Reads what is served for a file, by its path relative to the address; `read` reads the folder's own. */
type Serve = (file: string, read: () => Promise<Buffer>) => Promise<Buffer | string>;

export async function publish(folder: string, serve: Serve = (_, read) => read()): Promise<StaticHost> {
  const policy = policyOf(folder);
  const troubles: string[] = [];
  const served: string[] = [];

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'POST') {
      request.setEncoding('utf8');
      request.on('data', (body: string) => {
        const { 'csp-report': report } = JSON.parse(body) as Report;
        troubles.push(
          `policy violated by ${report['source-file']}: ${report['violated-directive']} ${report['blocked-uri']}`,
        );
      });
      request.on('end', () => response.writeHead(204).end());
      return;
    }
    const path = normalize(decodeURIComponent(pathname.slice(BASE.length))) || '.';
    const file = path === '.' ? 'index.html' : path;
    const missing = () => {
      troubles.push(`404 ${pathname}`);
      response.writeHead(404).end();
    };
    if (!pathname.startsWith(BASE) || file.startsWith('..')) return missing();
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    const pack = TEXTS.test(type) && /\bgzip\b/.test(`${request.headers['accept-encoding']}`);
    const content = serve(file, () => readFile(join(folder, file))).then((body) =>
      pack ? packed(body) : body,
    );
    content.then((body) => {
      served.push(file);
      response.setHeader('Content-Type', type);
      if (pack) response.setHeader('Content-Encoding', 'gzip');
      if (extname(file) === '.js') {
        response.setHeader('Content-Security-Policy', `${policy}; report-uri ${BASE}violation`);
      }
      response.end(body);
    }, missing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${BASE}`,
    policy,
    troubles,
    served,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
