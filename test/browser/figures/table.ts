/**
 * Every figure that stands alone, with made-up props. To add one is to add a row here: figures.test.ts then looks at it
 * in both themes, on a phone, on paper, twice on a page and in a frame.
 */
import type { Component } from 'svelte';
import { ATTEMPTS } from '../../../src/figures/sandbox/claims.ts';
import { MOST, START } from '../../../src/figures/sandbox/layout.ts';

interface Row {
  load: () => Promise<{ default: Component<never> }>;
  /** Props by the name of what they show; all of it has to be legible. */
  sets: Record<string, object>;
  /** Events, each with the prop that becomes what it brings; the others are only heard. */
  events: Record<string, string | null>;
}

const link = 'https://example.org/#sandbox';
const sandbox = (settings: object) => ({ settings: { ...START, ...settings }, link });

export const FIGURES: Record<string, Row> = {
  sandbox: {
    load: () => import('../../../src/figures/sandbox/Sandbox.svelte'),
    sets: {
      opened: sandbox({}),
      ...Object.fromEntries(Object.entries(ATTEMPTS).map(([claim, settings]) => [claim, sandbox(settings)])),
      'arrows upon each other': sandbox({ habits: START.truth, constitution: START.truth, rank: 1 }),
      'far and many': sandbox({ kl: 1, count: MOST, rank: 4, by: 'habits' }),
      untrained: sandbox({ kl: 0, count: 200, constitution: { x: 0, y: -1.2 }, rank: 1 }),
    },
    events: { onset: 'settings' },
  },
};
