/** The address follows what is on the page, and the page what is put into the address. */
import { untrack } from 'svelte';
import type { Lab } from '../state/lab.svelte.ts';
import { readLink, writeLink } from '../state/link.ts';

/** A pause in the changes after which the address is written, ms. */
const REST_MS = 250;

/** A hash that names a place of the page and holds nothing of a link, where every part is "key=…". */
export const isAnchor = (hash: string): boolean => /^#[a-z-]+$/.test(hash);

/** Scrolls to the place that the address names: when the browser looked for it, it was not made yet. */
export function goToAnchor(): void {
  if (isAnchor(location.hash)) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

/** To be called while a component is made; returns what is to be done when the hash has changed. */
export function followAddress(lab: Lab): () => void {
  /** What stands in the address of a link; nothing where it names a place. */
  const standing = () => (isAnchor(location.hash) ? null : location.hash.replace(/^#/, ''));
  let written = standing() ?? '';
  const text = $derived(writeLink(lab.link));
  /** What the page said when it was opened by the link that stands there. */
  let opened = untrack(() => text);

  $effect(() => {
    const next = text;
    // what a link said that could not be read stays until something is changed
    const keep = lab.trouble !== null && next === opened;
    const wait = setTimeout(() => {
      // a link that was just put there is followed first
      const arrived = (standing() ?? written) !== written;
      if (next === written || keep || arrived) return;
      written = next;
      history.replaceState(null, '', next === '' ? location.pathname + location.search : `#${next}`);
    }, REST_MS);
    return () => clearTimeout(wait);
  });

  return () => {
    const found = standing();
    if (found === null || found === written) return;
    written = found;
    const { state, trouble } = readLink(found);
    lab.follow(state, trouble);
    opened = writeLink(lab.link);
  };
}
