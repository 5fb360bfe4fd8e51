/**
 * A host of the built site whose page tells what goes wrong in it and in its worker. WebDriver has no word for a browser's
 * console, so the page is given a script of its own that listens, and the worker the same one.
 */
import { publish, type StaticHost } from '../static.ts';
import type { Driver } from './driver.ts';

const WITNESS = `{
  const channel = new BroadcastChannel('troubles'); // not heard by who speaks
  const troubles = (globalThis.troubles = []);
  channel.onmessage = ({ data }) => troubles.push(data);
  const tell = (text) => {
    troubles.push(text);
    channel.postMessage(text);
  };
  const { error } = console;
  console.error = (...all) => {
    tell('console: ' + all.join(' '));
    error.apply(console, all);
  };
  addEventListener('error', ({ message }) => {
    // by the standard an event, yet no error: what is observed is told a frame later
    if (!/^ResizeObserver loop/.test(message)) tell('uncaught: ' + message);
  });
  addEventListener('unhandledrejection', ({ reason }) => tell('unhandled: ' + (reason?.stack ?? reason)));
  addEventListener('securitypolicyviolation', (event) => tell('policy: ' + event.violatedDirective + ' ' + event.blockedURI));
}
`;

const FILE = 'witness.js';

/** Publishes the site with a witness in it. */
export function publishWatched(folder: string): Promise<StaticHost> {
  return publish(folder, async (file, read) => {
    if (file === FILE) return WITNESS;
    const body = await read();
    if (/\/worker\/engine-/.test(file)) return `${WITNESS}${body.toString()}`;
    if (file !== 'index.html') return body;
    return body.toString().replace('<script', `<script src="./${FILE}"></script><script`);
  });
}

/** What went wrong since the page was opened, or loaded anew. */
export const troublesOf = (driver: Driver): Promise<string[]> =>
  driver.evaluate(() => (globalThis as unknown as { troubles: string[] }).troubles);
