/** What is far below the window costs nothing until it comes near it. */

/** css px from the window's edge. */
const NEAR = 300;

/** True where an element is in sight or nearly. */
export const isNear = (element: Element): boolean => element.getBoundingClientRect().top < innerHeight + NEAR;

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
