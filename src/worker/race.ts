/** Which backend runs the model: a short race decides it where two of them could, and is remembered. */
import { chooseBackend, type BackendHost, type BackendName, type ChosenBackend } from '../kernels/index.ts';
import type { ModelConfig } from '../model/config.ts';
import { createModel, disposeModel, type Weights } from '../model/parameters.ts';
import { trialMs } from './effort.ts';
import type { Race } from './protocol.ts';

/** A model as plain numbers: every backend makes its own of it. */
interface Numbers {
  config: ModelConfig;
  weights: Weights;
}

/**
 * Starts the faster of WebGPU and WASM. They race only where there is a real graphics adapter: elsewhere WebGPU has lost
 * already, and costs nothing. A race that was run before in the same browser counts. Whatever it is wanted for, WebGPU has
 * to prove itself first; where it does not, another backend runs, and says why.
 * @param model waited for only where WebGPU starts
 * @param wish taken without a race
 * @param recorded reads the model's proof.json
 */
export async function startFastest(
  model: Promise<Numbers>,
  wish: BackendName | undefined,
  remembered: Race | undefined,
  host: BackendHost,
  recorded: () => Promise<unknown>,
): Promise<{ backend: ChosenBackend; race?: Race }> {
  const known = !wish && remembered?.browser === browser() ? remembered : undefined;
  if (known && winnerOf(known) === 'wasm') return told(await chooseBackend('wasm', host), known);
  const first = await chooseBackend(wish, host);
  if (first.name !== 'webgpu') return { backend: first };
  const { webgpuFault } = await import('./proof.ts'); // nobody else needs it
  const fault = await webgpuFault(await model, recorded, host);
  if (fault) return { backend: await chooseBackend(wish, { ...host, webgpuFault: fault }) };
  if (wish) return { backend: first };
  if (known) return told(first, known);
  const race = await runRace(await model, host);
  return race ? told(await chooseBackend(winnerOf(race), host), race) : { backend: first };
}

/** The same trial on both; null where one of them does not run. The last that ran is active when this returns. */
export async function runRace({ config, weights }: Numbers, host: BackendHost): Promise<Race | null> {
  const times = { wasm: 0, webgpu: 0 };
  for (const name of ['wasm', 'webgpu'] as const) {
    if ((await chooseBackend(name, host)).name !== name) return null;
    const model = createModel(config, weights);
    try {
      times[name] = await trialMs(model);
    } finally {
      disposeModel(model);
    }
  }
  return { ...times, browser: browser() };
}

export const winnerOf = ({ wasm, webgpu }: Race): 'webgpu' | 'wasm' => (webgpu < wasm ? 'webgpu' : 'wasm');

/** How a race ended, as a sentence for people. */
export function verdictOf(race: Race): string {
  const loser = winnerOf(race) === 'webgpu' ? 'WebAssembly' : 'this device’s WebGPU';
  const ratio = Math.max(race.wasm, race.webgpu) / Math.min(race.wasm, race.webgpu);
  return `It runs the model ${ratio.toFixed(ratio < 10 ? 1 : 0)} times as fast as ${loser}.`;
}

const browser = (): string => (typeof navigator === 'undefined' ? '' : navigator.userAgent);

function told(backend: ChosenBackend, race: Race): { backend: ChosenBackend; race: Race } {
  const won = backend.name === winnerOf(race);
  return { backend: won ? { ...backend, reason: verdictOf(race) } : backend, race };
}
