/** Addresses of a block's parameters, or of their gradients, in the order in which block/wasm.ts names them; F = 4D. */
@unmanaged
export class Parameters {
  gain1: usize; // [D]
  bias1: usize; // [D]
  wQkv: usize; // [D, 3D]
  bQkv: usize; // [3D]
  wOut: usize; // [D, D]
  bOut: usize; // [D]
  gain2: usize; // [D]
  bias2: usize; // [D]
  wUp: usize; // [D, F]
  bUp: usize; // [F]
  wDown: usize; // [F, D]
  bDown: usize; // [D]
}
