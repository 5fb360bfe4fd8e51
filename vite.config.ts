import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { svelte, type Options } from '@sveltejs/vite-plugin-svelte';
import { defaultServerConditions, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { codeArchive, dataArchive } from './src/cli/archives.ts';
import { folderId, indexOf, shippedModels } from './src/cli/shipped.ts';
import type { Result } from './src/experiments/framework/result.ts';
import { toldOf } from './src/page/results/told.ts';
import { words } from './src/words/en.ts';

const MODELS = join(import.meta.dirname, 'public/models');

/** What the page may load and run: its own files, no inline script or style, nobody else's host. */
const POLICY = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  'img-src': "'self' data: blob:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
};

// The dev server sends styles as <style> elements and listens on a web socket.
const DEV_POLICY = { ...POLICY, 'style-src': "'self' 'unsafe-inline'", 'connect-src': "'self' ws:" };

/** Puts the policy into the page itself: a static host need not send any header. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { server }) {
        const content = Object.entries(server ? DEV_POLICY : POLICY)
          .map(([directive, sources]) => `${directive} ${sources}`)
          .join('; ');
        const attrs = { 'http-equiv': 'Content-Security-Policy', content };
        return [{ tag: 'meta', attrs, injectTo: 'head-prepend' }];
      },
    },
  };
}

/** Puts the head of the page into index.html: it is read before any script has come. */
function head(): Plugin {
  return {
    name: 'head',
    transformIndexHtml: (html) =>
      html.replace(
        '<!-- head -->',
        `<div class="page"><header class="masthead"><div class="mark">${words.name}</div></header>` +
          `<main><h1>${words.title}</h1><p class="promise">${words.promise}</p>` +
          `<div class="late">${words.late.map((line) => `<p>${line}</p>`).join('')}</div></main></div>`,
      ),
  };
}

/** Fetches the typeface of the head with the page, not after its styles: what can be read at once keeps its lines. */
function typeface(): Plugin {
  return {
    name: 'typeface',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const file = Object.keys(bundle ?? {}).find((one) =>
          /source-serif-4-latin-opsz-normal.*woff2$/.test(one),
        );
        if (!file) return [];
        const attrs = {
          rel: 'preload',
          as: 'font',
          type: 'font/woff2',
          crossorigin: true,
          href: `./${file}`,
        };
        return [{ tag: 'link', attrs, injectTo: 'head' }];
      },
    },
  };
}

/** models/index.json: the list of the site's models, made from their folders, and so never out of step with them. */
function shipped(): Plugin {
  const path = 'models/index.json';
  const written = async () => indexOf(await shippedModels(MODELS));
  return {
    name: 'shipped-models',
    configureServer(server) {
      server.middlewares.use(`/${path}`, (_request, response, next) => {
        written().then((text) => response.setHeader('Content-Type', 'application/json').end(text), next);
      });
    },
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: path, source: await written() });
    },
  };
}

/** Puts code, data and licence beside the page, so that they are wherever it is. */
function origins(): Plugin {
  return {
    name: 'origins',
    apply: 'build',
    generateBundle() {
      const emit = (fileName: string, source: Uint8Array) =>
        this.emitFile({ type: 'asset', fileName, source });
      emit('LICENSE.txt', readFileSync(join(import.meta.dirname, 'LICENSE')));
      emit('latent-values-code.zip', codeArchive(import.meta.dirname));
      emit('latent-values-data.zip', dataArchive(import.meta.dirname));
    },
  };
}

/** What is told of the experiments before their files are asked for. */
function told() {
  const folder = join(import.meta.dirname, 'public/experiments');
  const files = readdirSync(folder).filter((name) => /^E\d+\.json$/.test(name));
  return toldOf(files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Result));
}

const testing = Boolean(process.env.VITEST);

const svelteOptions: Partial<Options> = {
  configFile: join(import.meta.dirname, 'svelte.config.js'),
  dynamicCompileOptions: () => (testing ? { generate: 'client' } : undefined),
};

const canOpenBrowser =
  process.stdout.isTTY === true &&
  !process.env.CI &&
  (process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY));

export default defineConfig({
  base: './', // the built site works from any folder of any static host
  publicDir: join(import.meta.dirname, 'public'), // the tests' probes have another root, and the same models
  define: {
    'import.meta.env.MODEL_ID': JSON.stringify(await folderId(join(MODELS, 'base'))),
    'import.meta.env.RESULTS': JSON.stringify(told()),
  },
  plugins: [svelte(svelteOptions), head(), typeface(), shipped(), contentSecurityPolicy(), origins()],
  server: { open: canOpenBrowser },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the policy allows no data: fonts or wasm
    modulePreload: { polyfill: false },
  },
  worker: {
    format: 'es',
    // Apart from the page's own chunks, so that their weight can be told from the worker's.
    rolldownOptions: {
      output: {
        entryFileNames: 'assets/worker/[name]-[hash].js',
        chunkFileNames: 'assets/worker/[name]-[hash].js',
        // A folder of its own and a name unchanged: TensorFlow.js looks for its .wasm by name in a folder.
        assetFileNames: 'assets/worker/[hash]/[name][extname]',
      },
    },
  },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        // Vitest's Node counts as a server, where Svelte's state would stand still: tests want the page's Svelte.
        ssr: { resolve: { conditions: ['browser', ...defaultServerConditions] } },
        test: {
          name: 'unit',
          environment: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          environment: 'node',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: 'test/browser/build.ts',
          fileParallelism: false,
        },
      },
    ],
  },
});
