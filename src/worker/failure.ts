import { MissingFileError } from '../kernels/index.ts';
import { EmptyConstitutionError } from '../values/constitution.ts';
import { NotFiniteError } from '../train/optimizer.ts';
import { UnknownWordError } from '../world/tokenizer.ts';
import type { Failure } from './protocol.ts';
import { NoModelError, OtherModelError } from './loading.ts';
import { NoSampleError } from './registry.ts';

/** Why a call failed, as the page tells it. */
export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (
    error instanceof EmptyConstitutionError ||
    error instanceof UnknownWordError ||
    error instanceof RangeError
  )
    return { kind: 'bad-input', message: sentence(message) };
  if (error instanceof MissingFileError) return { kind: 'no-files', message: sentence(message) };
  if (error instanceof NoModelError) return { kind: 'no-model', message };
  if (error instanceof OtherModelError) return { kind: 'other-model', message };
  if (error instanceof NoSampleError) return { kind: 'no-sample', message };
  if (error instanceof NotFiniteError) return { kind: 'not-finite', message: sentence(message) };
  if (/no TensorFlow\.js backend/.test(message))
    return { kind: 'no-backend', message: 'This browser runs neither WebGPU, WebAssembly nor WebGL.' };
  if (/device.*lost/i.test(message))
    return { kind: 'device-lost', message: 'The graphics adapter was lost.' };
  return { kind: 'internal', message: sentence(message) };
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.?$/, '.')}`;
