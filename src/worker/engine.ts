/**
 * The worker's entry. It imports nothing that is there at run time, so that no chunk of the build can have a reason to
 * import it: WebKit would evaluate it a second time, and a second engine without a session would answer. What comes
 * before the rest has loaded is kept for it.
 */
import type { FromWorker, ToWorker } from './protocol.ts';

const say = (message: FromWorker) => self.postMessage(message);

// Where there are locks: only in pages that came over a safe connection.
const locks = navigator.locks as LockManager | undefined;
void locks?.request(self.name, () => {
  say({ id: 0, alive: true });
  return new Promise(() => {});
});

const early: MessageEvent<ToWorker>[] = [];
self.onmessage = (event: MessageEvent<ToWorker>) => early.push(event);

import('./begin.ts').then(
  ({ begin }) => begin(early),
  (error: unknown) => say({ id: 0, failed: { kind: 'no-files', message: String(error) } }),
);
