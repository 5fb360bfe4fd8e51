/** Opens the page: reads the link, starts the engine, and shows what it says. */
import { mount } from 'svelte';
import type { Connection } from '../state/lab.svelte.ts';
import { Lab } from '../state/lab.svelte.ts';
import { readLink } from '../state/link.ts';
import { Theme } from '../state/theme.svelte.ts';
import '../views/palette.css';
import { startEngine } from '../worker/client.ts';
import type { BackendName } from '../worker/protocol.ts';
import App from './App.svelte';
import './fonts.css';
import './page.css';

const BACKENDS: readonly BackendName[] = ['webgpu', 'wasm', 'webgl', 'cpu'];

interface Source {
  connect: () => Connection;
  arrange: (lab: Lab) => Promise<void>;
}

/** The engine; or, on the development server only, invented numbers for drawing a state of the page. */
async function sourceOf(query: URLSearchParams): Promise<Source> {
  if (import.meta.env.DEV && query.has('fixture')) {
    const path = '/test/fake/fixtures.ts';
    const { fixture } = (await import(/* @vite-ignore */ path)) as { fixture: (name: string) => Source };
    return fixture(query.get('fixture')!);
  }
  return { connect: startEngine, arrange: async () => {} };
}

const query = new URLSearchParams(location.search);
const wish = BACKENDS.find((name) => name === query.get('backend'));
const { connect, arrange } = await sourceOf(query);
const { state: link, trouble } = readLink(location.hash);
const lab = new Lab({
  connect,
  model: new URL('models/base/', document.baseURI).href,
  link,
  trouble,
  ...(wish ? { backend: wish } : {}),
});
mount(App, { target: document.getElementById('app')!, props: { lab, theme: new Theme() } });
await arrange(lab);
