/** Where the visitor had scrolled to: a browser cannot go back there by itself, since the page is made after it has loaded. */
import { turn } from '../state/turn.ts';
import { bringNear } from '../views/near.ts';

const STORE = 'place';

/** A heading of the page, and how far it stood below the window's top, css px: figures have other heights when they are made. */
interface Place {
  heading: number;
  top: number;
}

const headings = () => [...document.querySelectorAll('main h2')];
const topOf = (heading: Element) => heading.getBoundingClientRect().top;

/** Notes the place whenever the page is left. */
export function keepPlace(): void {
  addEventListener('pagehide', () => {
    const all = headings();
    const heading = all.findLastIndex((one) => topOf(one) < innerHeight / 2);
    try {
      if (scrollY > 0 && heading >= 0)
        sessionStorage.setItem(STORE, JSON.stringify({ heading, top: topOf(all[heading]) } satisfies Place));
      else sessionStorage.removeItem(STORE);
    } catch {
      // a browser that keeps nothing opens the page at its top
    }
  });
}

/** Goes to the place that was noted, where the page was loaded again and nobody has scrolled since. */
export async function goBackToPlace(): Promise<void> {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const place = navigation?.type === 'navigate' ? null : read();
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
    await turn(20);
    const now = document.documentElement.scrollHeight;
    still = now === height ? still + 1 : 0;
    height = now;
  }
}

/** Null where no place was noted. */
function read(): Place | null {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? 'null') as Place | null;
  } catch {
    return null;
  }
}
