// N rows, D width
import { Vector } from '../shared/vector.as';

/** mean = Σx/D, scale = 1/√(Σ(x − mean)²/D + eps), y = gain ∘ (x − mean)·scale + bias; [mean, scale] go to stats [N, 2]. */
export function layerNormForward(
  x: usize,
  gain: usize,
  bias: usize,
  N: i32,
  D: i32,
  eps: f32,
  y: usize,
  stats: usize,
): void {
  const whole = D & ~3;
  const rest = D - whole;
  const end = (<usize>whole) << 2;
  for (let i = 0; i < N; i++) {
    let total = f32x4.splat(0);
    for (let at: usize = 0; at < end; at += 16) total = f32x4.add(total, v128.load(x + at));
    const mean = (Vector.sum(total) + Vector.sum(Vector.loadSome(x + end, rest, 0))) / <f32>D;
    const m = f32x4.splat(mean);
    let squares = f32x4.splat(0);
    for (let at: usize = 0; at < end; at += 16) {
      const c = f32x4.sub(v128.load(x + at), m);
      squares = Vector.madd(c, c, squares);
    }
    const tail = f32x4.sub(Vector.loadSome(x + end, rest, mean), m);
    const scale: f32 = 1 / sqrt((Vector.sum(squares) + Vector.sum(f32x4.mul(tail, tail))) / <f32>D + eps);
    const s = f32x4.splat(scale);
    for (let at: usize = 0; at < end; at += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + at), m), s);
      v128.store(y + at, Vector.madd(normal, v128.load(gain + at), v128.load(bias + at)));
    }
    for (let j = whole; j < D; j++) {
      const at = (<usize>j) << 2;
      store<f32>(y + at, (load<f32>(x + at) - mean) * scale * load<f32>(gain + at) + load<f32>(bias + at));
    }
    store<f32>(stats, mean);
    store<f32>(stats, scale, 4);
    x += (<usize>D) << 2;
    y += (<usize>D) << 2;
    stats += 8;
  }
}

/**
 * n = (x − mean)·scale, dn = dy ∘ gain;
 * dx = scale·(dn − mean(dn) − n·mean(dn ∘ n)), dgain = Σ dy ∘ n, dbias = Σ dy over the rows.
 */
export function layerNormBackward(
  x: usize,
  gain: usize,
  stats: usize,
  dy: usize,
  N: i32,
  D: i32,
  dx: usize,
  dgain: usize,
  dbias: usize,
): void {
  memory.fill(dgain, 0, (<usize>D) << 2);
  memory.fill(dbias, 0, (<usize>D) << 2);
  layerNormBackwardAdding(x, gain, stats, dy, N, D, dx, dgain, dbias);
}

/** {@link layerNormBackward} of some rows, whose shares of dgain and dbias are added to what is there. */
export function layerNormBackwardAdding(
  x: usize,
  gain: usize,
  stats: usize,
  dy: usize,
  N: i32,
  D: i32,
  dx: usize,
  dgain: usize,
  dbias: usize,
): void {
  const whole = D & ~3;
  const end = (<usize>whole) << 2;
  for (let i = 0; i < N; i++) {
    const mean = load<f32>(stats);
    const scale = load<f32>(stats, 4);
    const m = f32x4.splat(mean);
    const s = f32x4.splat(scale);
    let sums = f32x4.splat(0);
    let dots = f32x4.splat(0);
    for (let at: usize = 0; at < end; at += 16) {
      const d = v128.load(dy + at);
      const n = f32x4.mul(f32x4.sub(v128.load(x + at), m), s);
      const dn = f32x4.mul(d, v128.load(gain + at));
      v128.store(dgain + at, Vector.madd(d, n, v128.load(dgain + at)));
      v128.store(dbias + at, f32x4.add(v128.load(dbias + at), d));
      sums = f32x4.add(sums, dn);
      dots = Vector.madd(dn, n, dots);
    }
    let sum = Vector.sum(sums);
    let dot = Vector.sum(dots);
    for (let j = whole; j < D; j++) {
      const at = (<usize>j) << 2;
      const d = load<f32>(dy + at);
      const n = (load<f32>(x + at) - mean) * scale;
      store<f32>(dgain + at, load<f32>(dgain + at) + d * n);
      store<f32>(dbias + at, load<f32>(dbias + at) + d);
      sum += d * load<f32>(gain + at);
      dot += d * load<f32>(gain + at) * n;
    }
    sum /= <f32>D;
    dot /= <f32>D;
    for (let at: usize = 0; at < end; at += 16) {
      const n = f32x4.mul(f32x4.sub(v128.load(x + at), m), s);
      const dn = f32x4.mul(v128.load(dy + at), v128.load(gain + at));
      const rest = Vector.nmadd(n, f32x4.splat(dot), f32x4.sub(dn, f32x4.splat(sum)));
      v128.store(dx + at, f32x4.mul(rest, s));
    }
    for (let j = whole; j < D; j++) {
      const at = (<usize>j) << 2;
      const n = (load<f32>(x + at) - mean) * scale;
      store<f32>(dx + at, (load<f32>(dy + at) * load<f32>(gain + at) - sum - n * dot) * scale);
    }
    x += (<usize>D) << 2;
    dy += (<usize>D) << 2;
    dx += (<usize>D) << 2;
    stats += 8;
  }
}
