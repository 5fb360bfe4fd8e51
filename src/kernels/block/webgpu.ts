import * as tf from '@tensorflow/tfjs-core';
import { attentionBackward, attentionForward } from '../attention/webgpu.ts';
import { layerNormBackward, layerNormForward } from '../layerNorm/webgpu.ts';
import { linearBackward, linearForward } from '../linear/webgpu.ts';
import { differentiable, isRecording } from '../wasm.ts';
import type { BlockWeights } from './weights.ts';

/** The block in seven dispatches, its gradient in seven more. */
export function block(
  x: tf.Tensor3D,
  gists: tf.Tensor1D,
  heads: number,
  { norm1, qkv, projection, norm2, up, down }: BlockWeights,
  epsilon: number,
): tf.Tensor3D {
  const parts = [norm1.gain, norm1.bias, norm2.gain, norm2.bias];
  const maps = [qkv, projection, up, down].flatMap(({ weight, bias }): tf.Tensor[] => [weight, bias]);
  return differentiable<tf.Tensor3D>([x, ...parts, ...maps], () => {
    const first = layerNormForward(x, norm1.gain, norm1.bias, epsilon);
    const heard = linearForward(first.y, qkv.weight, qkv.bias, 'none').y;
    const attended = attentionForward(heard, gists, heads);
    const middle = linearForward(attended.y, projection.weight, projection.bias, 'residual', x).y;
    const second = layerNormForward(middle, norm2.gain, norm2.bias, epsilon);
    const recording = isRecording();
    const hidden = linearForward(second.y, up.weight, up.bias, recording ? 'gelu, slope' : 'gelu');
    const y = linearForward(hidden.y, down.weight, down.bias, 'residual', middle).y;
    // prettier-ignore
    const kept = [
      gists, x, first.y, first.stats, heard, attended.y, attended.stats,
      middle, second.y, second.stats, hidden.y, hidden.slope as tf.Tensor,
    ];
    const gradients = (dy: tf.Tensor, saved: tf.Tensor[]) => tf.tidy(() => backward(heads, dy, saved));
    return { value: y as tf.Tensor3D, saved: recording ? [...kept, ...parts, ...maps] : [], gradients };
  });
}

/** Gradients of x, of the norms and of the maps, in the order of `block`'s inputs. */
function backward(heads: number, dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [gists, x, first, firstStats, heard, attended, attendedStats] = saved;
  const [middle, second, secondStats, hidden, slope] = saved.slice(7);
  const [gain1, bias1, gain2, bias2] = saved.slice(12);
  const [wq, bq, wp, bp, wu, bu, wd, bd] = saved.slice(16) as [tf.Tensor2D, ...tf.Tensor2D[]];
  const [dhidden, ...ddown] = linearBackward(hidden, wd, bd, undefined, dy);
  const [dsecond, ...dup] = linearBackward(second, wu, bu, slope, dhidden);
  const [dmiddle, ...dnorm2] = layerNormBackward(middle, gain2, bias2, secondStats, dsecond, dy);
  const [dattended, ...dprojection] = linearBackward(attended, wp, bp, undefined, dmiddle);
  const dheard = attentionBackward(heard, gists, heads, attended, attendedStats, dattended);
  const [dfirst, ...dqkv] = linearBackward(first, wq, bq, undefined, dheard);
  const [dx, ...dnorm1] = layerNormBackward(x, gain1, bias1, firstStats, dfirst, dmiddle);
  return [dx, ...dnorm1, ...dnorm2, ...dqkv, ...dprojection, ...dup, ...ddown];
}
