/** Work is cut into turns, between which the browser draws and answers. */
export const turn = (ms = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
