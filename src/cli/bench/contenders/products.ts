import * as tf from '@tensorflow/tfjs-core';
import { linear } from '../../../kernels/index.ts';
import { createRandom } from '../../../math/random.ts';

/** Of the model's own products, and a square one: [N, I] × [I, O]. */
const SHAPES = [
  [1280, 64, 192],
  [1280, 64, 256],
  [1280, 256, 64],
  [256, 256, 256],
] as const;
/** Times that each is timed, of which the best counts. */
const TIMES = 3;

/** Our matrix products, ready to be timed at any moment. */
export class Products {
  readonly #operands: [x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D][];

  constructor() {
    const random = createRandom('products');
    const draw = (...shape: number[]) =>
      tf.tensor(
        Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
        shape,
      );
    this.#operands = SHAPES.map(([N, I, O]) => [
      draw(N, I) as tf.Tensor2D,
      draw(I, O) as tf.Tensor2D,
      draw(O) as tf.Tensor1D,
    ]);
  }

  /** The most that they reach at this moment, GFLOP/s. */
  gflops(): number {
    let best = 0;
    for (const [i, [x, weight, bias]] of this.#operands.entries()) {
      const [N, I, O] = SHAPES[i];
      for (let time = 0; time < TIMES; time++) {
        const began = performance.now();
        const product = linear(x, weight, bias);
        best = Math.max(best, (2 * N * I * O) / (1e6 * (performance.now() - began)));
        product.dispose();
      }
    }
    return best;
  }

  dispose(): void {
    tf.dispose(this.#operands);
  }
}
