/**
 * Runs probes: code of the engine that has to be seen working where visitors run it, in a module worker of
 * a production build. A probe is a file test/browser/NAME.probe.ts with a default export.
 */
type Probe = (args: unknown) => unknown;

export type Outcome = { result: unknown } | { error: string };

const probes = import.meta.glob<Probe>('../*.probe.ts', { import: 'default' });

async function run(name: string, args: unknown): Promise<Outcome> {
  try {
    const load = probes[`../${name}.probe.ts`];
    if (!load) throw new Error(`there is no ${name}.probe.ts`);
    const run = await load();
    return { result: await run(args) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

self.onmessage = async ({ data }: MessageEvent<{ name: string; args: unknown }>) => {
  self.postMessage(await run(data.name, data.args));
};
