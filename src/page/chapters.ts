/** The chapters below the opening, in their order: a new one is a component and a row. */
import type { Component } from 'svelte';
import { words } from '../words/en.ts';

export interface Chapter {
  /** In the address, after the '#'. */
  anchor: string;
  title: string;
  /** What it will take, css px: what follows it moves little when it is made. */
  height: number;
  /** Each comes in files of its own, when one comes near it. */
  load: () => Promise<{ default: Component }>;
}

export const CHAPTERS: readonly Chapter[] = [
  {
    anchor: 'sandbox',
    title: words.chapters.sandbox,
    height: 1100,
    load: () => import('./Sandbox.svelte'),
  },
  {
    anchor: 'projection',
    title: words.projection.title,
    height: 1000,
    load: () => import('./projection/Projection.svelte'),
  },
];
