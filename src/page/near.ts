/** What is far below the window costs nothing until it comes near it. */

/** css px from the window's edge. */
const NEAR = 300;

/** True where an element is in sight or nearly. */
export const isNear = (element: Element): boolean => element.getBoundingClientRect().top < innerHeight + NEAR;

/** What is to be called for all that is still far. */
const waiting = new Set<() => void>();

/** Makes all that is far as if it were near: for who prints, or searches, or goes back to where they were. */
export function bringNear(): void {
  for (const come of waiting) come();
}

/** Calls `come` with all others when everything is brought near; returns what forgets it. */
export function whenAllCome(come: () => void): () => void {
  waiting.add(come);
  return () => void waiting.delete(come);
}

/** An attachment that calls `come` once, when the element has come near. */
export const whenNear = (come: () => void) => (element: Element) => {
  const observer = new IntersectionObserver(
    ([entry]) => {
      if (!entry.isIntersecting) return;
      come();
      observer.disconnect();
    },
    { rootMargin: `${NEAR}px` },
  );
  observer.observe(element);
  return () => observer.disconnect();
};
