/** Where the visitor had scrolled to: a browser cannot go back there by itself, since the page is made after it has loaded. */

const STORE = 'place';

/** Notes the place whenever the page is left. */
export function keepPlace(): void {
  addEventListener('pagehide', () => {
    try {
      sessionStorage.setItem(STORE, `${scrollY}`);
    } catch {
      // a browser that keeps nothing opens the page at its top
    }
  });
}

/** Goes to the place that was noted, where the page was loaded again and nobody has scrolled since. */
export function goBackToPlace(): void {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  if (navigation?.type === 'navigate' || scrollY > 0) return;
  try {
    scrollTo(0, Number(sessionStorage.getItem(STORE)));
  } catch {
    // nothing was kept
  }
}
