/** The address follows what is on the page, and the page what is put into the address. */
import { untrack } from 'svelte';
import type { Lab } from '../state/lab.svelte.ts';
import { readLink, writeLink } from '../state/link.ts';

/** A pause in the changes after which the address is written, ms. */
const REST_MS = 250;

/** To be called while a component is made; returns what is to be done when the hash has changed. */
export function followAddress(lab: Lab): () => void {
  let written = location.hash.replace(/^#/, '');
  const text = $derived(writeLink(lab.link));
  /** What the page said when it was opened by the link that stands there. */
  let opened = untrack(() => text);

  $effect(() => {
    const next = text;
    // what a link said that could not be read stays until something is changed
    const keep = lab.trouble !== null && next === opened;
    const wait = setTimeout(() => {
      // a link that was just put there is followed first
      const arrived = location.hash.replace(/^#/, '') !== written;
      if (next === written || keep || arrived) return;
      written = next;
      history.replaceState(null, '', next === '' ? location.pathname + location.search : `#${next}`);
    }, REST_MS);
    return () => clearTimeout(wait);
  });

  return () => {
    const found = location.hash.replace(/^#/, '');
    if (found === written) return;
    written = found;
    const { state, trouble } = readLink(found);
    lab.follow(state, trouble);
    opened = writeLink(lab.link);
  };
}
