/** Where the visitor had scrolled to: a browser cannot go back there by itself, since the page is made after it has loaded. */
import * as v from 'valibot';
import { keep, recall } from '../state/storage.ts';
import { yieldToBrowser } from '../figures/ui/yieldToBrowser.ts';
import { bringNear } from './near.ts';

const STORE = 'place';

/** A heading of the page, and how far it stood below the window's top, css px: figures have other heights when they are made. */
const PLACE = v.object({
  heading: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000)),
  top: v.pipe(v.number(), v.finite()),
});
type Place = v.InferOutput<typeof PLACE>;

const headings = () => [...document.querySelectorAll('main h2')];
const topOf = (heading: Element) => heading.getBoundingClientRect().top;

/** Notes the place whenever the page is left. */
export function keepPlace(): void {
  addEventListener('pagehide', () => {
    const all = headings();
    const heading = all.findLastIndex((one) => topOf(one) < innerHeight / 2);
    const place: Place | null = scrollY > 0 && heading >= 0 ? { heading, top: topOf(all[heading]) } : null;
    keep('sessionStorage', STORE, place && JSON.stringify(place));
  });
}

/** Goes to the place that was noted, where the page was loaded again and nobody has scrolled since. */
export async function goBackToPlace(): Promise<void> {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const again = navigation?.type !== 'navigate';
  const place = again ? recall('sessionStorage', STORE, PLACE) : null;
  if (!place) return;
  bringNear(); // what stands above the place takes all its height
  await stillness();
  const there = headings()[place.heading];
  if (there && scrollY === 0) scrollBy(0, topOf(there) - place.top);
}

/** Settles when the page has stopped growing, or after two seconds. */
async function stillness(): Promise<void> {
  let height = 0;
  for (let [looks, still] = [0, 0]; looks < 100 && still < 6; looks++) {
    await yieldToBrowser(20);
    const now = document.documentElement.scrollHeight;
    still = now === height ? still + 1 : 0;
    height = now;
  }
}
