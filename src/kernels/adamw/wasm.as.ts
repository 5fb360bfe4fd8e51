import { sumOfSquares } from '../squaredNorm/wasm.as';

/** A parameter that moves: addresses of n floats each. */
@unmanaged
class Moving {
  parameter: usize;
  gradient: usize;
  m: usize;
  v: usize;
  n: i32;
  /** not 0: weight decay acts on it */
  decays: i32;
}

/**
 * {@link adamwStep} of all parameters in a list of `count`, the gradient scaled so that its norm is `clip` at the most.
 * @param keep 1 − lr·decay, for those that decay
 * @returns the squared norm before; where it is no finite float32 nothing is changed
 */
export function adamwAllStep(
  list: usize,
  count: i32,
  clip: f64,
  beta1: f32,
  beta2: f32,
  rate: f32,
  unbias: f32,
  eps: f32,
  keep: f32,
): f64 {
  const stop = list + <usize>count * offsetof<Moving>();
  let square: f64 = 0;
  for (let at = list; at < stop; at += offsetof<Moving>()) {
    const one = changetype<Moving>(at);
    square += sumOfSquares(one.gradient, one.n);
  }
  if (!isFinite(<f32>square)) return square;
  const norm = sqrt(square);
  const scale: f32 = norm > clip ? <f32>(clip / norm) : 1;
  for (let at = list; at < stop; at += offsetof<Moving>()) {
    const one = changetype<Moving>(at);
    adamwStep(
      one.parameter,
      one.gradient,
      one.m,
      one.v,
      one.n,
      scale,
      beta1,
      beta2,
      rate,
      unbias,
      eps,
      one.decays ? keep : 1,
    );
  }
  return square;
}

/**
 * With g = scale·gradient: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
 * p ← keep·p − rate·m / (√(v·unbias) + eps), rate = lr/(1−β₁ˢ), unbias = 1/(1−β₂ˢ), keep = 1 − lr·decay.
 */
export function adamwStep(
  p: usize,
  gradient: usize,
  m: usize,
  v: usize,
  n: i32,
  scale: f32,
  beta1: f32,
  beta2: f32,
  rate: f32,
  unbias: f32,
  eps: f32,
  keep: f32,
): void {
  const whole = n & ~3;
  const fresh1: f32 = 1 - beta1;
  const fresh2: f32 = 1 - beta2;
  for (let i = 0; i < whole; i += 4) {
    const at = (<usize>i) << 2;
    const g = f32x4.mul(v128.load(gradient + at), f32x4.splat(scale));
    const m1 = f32x4.add(f32x4.mul(v128.load(m + at), f32x4.splat(beta1)), f32x4.mul(g, f32x4.splat(fresh1)));
    const v1 = f32x4.add(
      f32x4.mul(v128.load(v + at), f32x4.splat(beta2)),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat(fresh2)),
    );
    const spread = f32x4.add(f32x4.sqrt(f32x4.mul(v1, f32x4.splat(unbias))), f32x4.splat(eps));
    const move = f32x4.div(f32x4.mul(m1, f32x4.splat(rate)), spread);
    v128.store(m + at, m1);
    v128.store(v + at, v1);
    v128.store(p + at, f32x4.sub(f32x4.mul(v128.load(p + at), f32x4.splat(keep)), move));
  }
  for (let i = whole; i < n; i++) {
    const at = (<usize>i) << 2;
    const g = load<f32>(gradient + at) * scale;
    const m1 = load<f32>(m + at) * beta1 + g * fresh1;
    const v1 = load<f32>(v + at) * beta2 + g * g * fresh2;
    store<f32>(m + at, m1);
    store<f32>(v + at, v1);
    store<f32>(p + at, load<f32>(p + at) * keep - (m1 * rate) / (sqrt(v1 * unbias) + eps));
  }
}
