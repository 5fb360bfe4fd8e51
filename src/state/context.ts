import { createContext } from 'svelte';
import type { Lab } from './lab.svelte.ts';
import type { Theme } from './theme.svelte.ts';

export const [getLab, setLab] = createContext<Lab>();
export const [getTheme, setTheme] = createContext<Theme>();
