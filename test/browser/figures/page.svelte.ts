/**
 * Mounts figures, with nothing of the page around them but its styles: ?figure=NAME&set=NAME, and &times=2 for two of
 * them.
 */
import { mount } from 'svelte';
import '../../../src/figures/ui/figure.css';
import '../../../src/figures/ui/palette.css';
import '../../../src/page/fonts.css';
import '../../../src/page/page.css';
import '../../../src/page/range.css';
import './page.css';
import { yieldToBrowser } from '../../../src/figures/ui/yieldToBrowser.ts';
import { FIGURES } from './table.ts';

/** More than any figure needs to make its parts, one a turn. */
const TURNS = 20;

const query = new URLSearchParams(location.search);
const { load, sets, events } = FIGURES[query.get('figure')!];

async function show(): Promise<void> {
  const { default: Figure } = await load();
  const main = document.body.appendChild(document.createElement('main'));
  const heading = main.appendChild(document.createElement('h1'));
  heading.textContent = 'Figures';
  for (let i = 0; i < Number(query.get('times') ?? 1); i++) {
    const props: Record<string, unknown> = $state({ ...sets[query.get('set')!] });
    for (const [event, prop] of Object.entries(events))
      props[event] = (value: unknown) => {
        if (prop) props[prop] = value;
      };
    const target = main.appendChild(document.createElement('div'));
    target.className = 'place';
    mount(Figure, { target, props: props as never });
  }
  for (let turn = 0; turn < TURNS; turn++) await yieldToBrowser();
  await document.fonts.ready;
}

await show();
document.documentElement.dataset.shown = '';
