/** Opens the page: reads the link, shows what was kept or recorded, and lets the engine start when the page is made. */
import { mount } from 'svelte';
import { Lab } from '../state/lab.svelte.ts';
import { readLink } from '../state/link.ts';
import { keepRun } from '../state/kept.ts';
import { asksWhatWasRecorded, showRecorded } from '../state/recorded.ts';
import { Theme } from '../state/theme.svelte.ts';
import type { ModelId } from '../model/id.ts';
import { yieldToBrowser } from '../figures/ui/yieldToBrowser.ts';
import '../figures/ui/figure.css';
import '../figures/ui/palette.css';
import type { Told } from './results/told.ts';
import type { Connection } from '../worker/client.ts';
import { loadRecording } from '../worker/replay.ts';
import type { BackendName } from '../worker/protocol.ts';
import { startEngine } from '../worker/start.ts';
import { isAnchor } from './address.svelte.ts';
import App from './App.svelte';
import './fonts.css';
import './head.css';
import './page.css';
import './range.css';
import './whole.css';

/** ms that the figures wait for a recording: made with its answers, they are made once. */
const PATIENCE = 500;

const BACKENDS: readonly BackendName[] = ['webgpu', 'wasm', 'webgl', 'cpu'];

declare global {
  interface ImportMetaEnv {
    /** Of the model that the page opens with. */
    readonly MODEL_ID: ModelId;
    readonly RESULTS: Told;
  }
}

interface Source {
  connect: () => Connection;
  /** Calls `shown` as soon as there is something for the figures to show, or nothing to wait for. */
  arrange: (lab: Lab, shown: () => void) => Promise<void>;
}

/** The engine; or, on the development server only, invented numbers for drawing a state of the page. */
async function sourceOf(query: URLSearchParams): Promise<Source> {
  if (import.meta.env.DEV && query.has('fixture')) {
    const path = '/test/fake/fixtures.ts';
    const { fixture } = (await import(/* @vite-ignore */ path)) as { fixture: (name: string) => Source };
    const { connect, arrange } = fixture(query.get('fixture')!);
    return { connect, arrange: (lab, shown) => (shown(), arrange(lab, shown)) };
  }
  return { connect: startEngine, arrange: showKnown };
}

/** What the tab kept of the visitor's run, else a recorded one, opens the page while the engine starts. */
async function showKnown(lab: Lab, shown: () => void): Promise<void> {
  const model = import.meta.env.MODEL_ID;
  keepRun(lab, model);
  if (asksWhatWasRecorded(lab)) {
    const url = new URL('recorded/opening.bin', document.baseURI);
    const recording = await loadRecording(url, model);
    if (recording) await showRecorded(lab, recording, shown);
  }
  shown();
}

// Without its styles no figure can be read: what index.html says then stays.
if (import.meta.env.PROD && getComputedStyle(document.documentElement).getPropertyValue('--whole') === '')
  throw new Error('the styles of the page did not come, or not whole');

const query = new URLSearchParams(location.search);
const wish = BACKENDS.find((name) => name === query.get('backend'));
const { connect, arrange } = await sourceOf(query);
await yieldToBrowser();
const { state: link, trouble } = readLink(isAnchor(location.hash) ? '' : location.hash);
const lab = new Lab({
  connect,
  models: new URL('models/', document.baseURI).href,
  id: import.meta.env.MODEL_ID,
  link,
  trouble,
  ...(wish ? { backend: wish } : {}),
});
const answers = new Promise<void>((resolve) => {
  void arrange(lab, resolve);
  void yieldToBrowser(PATIENCE).then(resolve);
});
await yieldToBrowser();
const target = document.getElementById('app')!;
target.replaceChildren(); // the head that index.html brought, in the same place as the page's own
mount(App, { target, props: { lab, theme: new Theme(), answers } });
