/** Work is cut into turns, between which the browser draws and answers. A page that nobody sees needs none. */
export const yieldToBrowser = (ms = 0): Promise<void> =>
  ms === 0 && globalThis.document?.hidden
    ? Promise.resolve()
    : new Promise((resolve) => setTimeout(resolve, ms));
