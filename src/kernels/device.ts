import * as tf from '@tensorflow/tfjs-core';
import { coming, MissingFileError } from './files.ts';
import { registerGradients } from './gradients.ts';
import { linkKernels } from './wasm.ts';
import { dropLostBackend, linkPrograms } from './webgpu.ts';

export type BackendName = 'webgpu' | 'wasm' | 'webgl' | 'cpu';

export interface ChosenBackend {
  name: BackendName;
  /** why this one, as a sentence for people */
  reason: string;
  /** The kernels' build with relaxed SIMD runs: the last bits are this processor's own. */
  relaxed: boolean;
}

/** What differs between hosts. */
export interface BackendHost {
  /** URL of the directory that holds TensorFlow.js's .wasm files; Node finds them by itself. */
  wasmPath?: string;
  /**
   * Lets WASM multiply and add in one instruction where it can: a quarter faster, but the last bits then differ between
   * processors, so that nothing that is written down uses it.
   */
  relaxed?: boolean;
  /** What speaks against WebGPU here, where it was tried: "its logits are off by 3%". */
  webgpuFault?: string;
}

const ORDER: readonly BackendName[] = ['webgpu', 'wasm', 'webgl', 'cpu'];

const IMPORTS: Record<BackendName, () => Promise<unknown>> = {
  webgpu: () => import('@tensorflow/tfjs-backend-webgpu'),
  wasm: () => import('@tensorflow/tfjs-backend-wasm'),
  webgl: () => import('@tensorflow/tfjs-backend-webgl'),
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
};

const REASONS: Record<BackendName, string> = {
  webgpu: 'This device has a graphics adapter that WebGPU can use.',
  wasm: 'There is no graphics card that WebGPU can use here, so the processor runs the project’s own WebAssembly kernels.',
  webgl: 'Neither WebGPU nor WebAssembly with SIMD runs here, so WebGL does the work.',
  cpu: 'Nothing faster runs here, so plain JavaScript does the work.',
};

const INSTEAD = 'The processor runs the project’s own WebAssembly kernels instead.';

/**
 * Makes a backend the active one and loads only its code: WebGPU on a real adapter, else WASM with SIMD, else WebGL,
 * else plain JavaScript. After a DeviceLostError call it again: it asks for another device. Models have to be made anew
 * from numbers then; tensors of the lost device can only be disposed of.
 * @param wish tried first, software adapters included; where it does not run the others are tried in order
 * @throws MissingFileError where a file does not come that a backend needs, Error if no backend runs
 */
export async function chooseBackend(wish?: BackendName, host: BackendHost = {}): Promise<ChosenBackend> {
  registerGradients();
  const refused: string[] = [];
  for (const name of new Set([...(wish ? [wish] : []), ...ORDER])) {
    const started = await start(name, name === wish, host);
    if ('obstacle' in started) {
      if (name === wish) refused.push(`${name} was asked for, but ${started.obstacle}.`);
      else if (name === 'webgpu' && host.webgpuFault)
        refused.push(`This device’s WebGPU is not used: ${host.webgpuFault}.`);
      continue;
    }
    // a graphics card that did not prove itself is there all the same
    const usual = name === 'wasm' && host.webgpuFault ? INSTEAD : REASONS[name];
    const why = name === wish ? [`${name} was asked for.`] : [...refused, usual];
    const reason = [...why, ...(started.relaxed ? ['The kernels use relaxed SIMD.'] : [])].join(' ');
    return { name, reason, ...started };
  }
  throw new Error('no TensorFlow.js backend runs here');
}

/** Starts a backend; returns whether relaxed SIMD runs, or what was in the way. */
async function start(
  name: BackendName,
  wished: boolean,
  { wasmPath, relaxed = false, webgpuFault }: BackendHost,
): Promise<{ relaxed: boolean } | { obstacle: string }> {
  try {
    if (name === 'webgpu') {
      const obstacle = webgpuFault ?? (await webgpuObstacle(wished));
      if (obstacle) return { obstacle };
    }
    if (name === 'wasm') {
      if (
        !(await tf
          .env()
          .getAsync('WASM_HAS_SIMD_SUPPORT')
          .catch(() => true))
      )
        return { obstacle: 'it has no SIMD here' };
    }
    const loaded = await coming(IMPORTS[name]());
    if (name === 'wasm')
      await prepareWasm(loaded as typeof import('@tensorflow/tfjs-backend-wasm'), wasmPath);
    if (name === 'webgpu') prepareWebgpu();
    if (!(await tf.setBackend(name))) return { obstacle: 'it failed to start' };
    await tf.ready();
    if (name === 'webgpu') await linkPrograms();
    return { relaxed: name === 'wasm' && (await linkKernels(relaxed)) };
  } catch (error) {
    if (error instanceof MissingFileError) throw error;
    return { obstacle: `it failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** What speaks against WebGPU here: no adapter, or one in software, which is slower than WASM. */
async function webgpuObstacle(softwareToo: boolean): Promise<string | undefined> {
  const gpu = typeof navigator === 'undefined' ? undefined : navigator.gpu;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return 'there is no adapter';
  const info: Partial<GPUAdapterInfo> = adapter.info ?? {};
  const fallback = info.isFallbackAdapter || (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter;
  const software = /swiftshader|llvmpipe|lavapipe|basic render|software/i;
  const named = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
  return !softwareToo && (fallback || software.test(named)) ? 'its adapter is a software one' : undefined;
}

const SIMD = 'tfjs-backend-wasm-simd.wasm';

async function prepareWasm(
  { setWasmPaths }: typeof import('@tensorflow/tfjs-backend-wasm'),
  path?: string,
): Promise<void> {
  // A cross-origin isolated page would get shared memory, which the kernels' module cannot import.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (path === undefined || served) return;
  const folder = path.endsWith('/') ? path : `${path}/`;
  const bytes = await wholeModule(folder + SIMD);
  // TensorFlow.js waits for ever for a file that is not what it should be, so it is given one that has been looked at.
  setWasmPaths(folder, true);
  const { platform } = tf.env();
  const { fetch } = platform;
  platform.fetch = (url, init) =>
    url === folder + SIMD
      ? Promise.resolve(new Response(bytes, { headers: { 'Content-Type': 'application/wasm' } }))
      : fetch.call(platform, url, init);
  served = true;
}

/** True once TensorFlow.js has been given its module. */
let served = false;

async function wholeModule(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await coming(fetch(url));
  const bytes = new Uint8Array(response.ok ? await coming(response.arrayBuffer()) : new ArrayBuffer(0));
  if (!WebAssembly.validate(bytes)) throw new MissingFileError(`${SIMD} did not come, or not whole`);
  return bytes;
}

function prepareWebgpu(): void {
  dropLostBackend();
  // Small tensors stay on the device too: a detour over the processor waits for the queue.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  // A training step is then submitted at once.
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', 64);
}
