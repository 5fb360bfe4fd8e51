// B rows, V tokens in the vocabulary
import { Exp } from '../shared/exp.as';
import { largest } from '../shared/softmax.as';
import { Vector } from '../shared/vector.as';

/** The first token at which the running sum of exp((logit − max)/temperature) passes uniform·total; 0: the likeliest. */
export function sampleRows(
  logits: usize,
  uniforms: usize,
  B: i32,
  V: i32,
  temperature: f32,
  out: usize,
  scratch: usize,
): void {
  for (let b = 0; b < B; b++) {
    const top = largest(logits, V);
    const at = (<usize>b) << 2;
    store<i32>(
      out + at,
      temperature == 0
        ? firstEqual(logits, V, top)
        : draw(logits, V, top, load<f32>(uniforms + at), temperature, scratch),
    );
    logits += (<usize>V) << 2;
  }
}

function firstEqual(x: usize, V: i32, value: f32): i32 {
  for (let j = 0; j < V; j++) if (load<f32>(x + ((<usize>j) << 2)) == value) return j;
  return 0;
}

function draw(x: usize, V: i32, top: f32, uniform: f32, temperature: f32, sums: usize): i32 {
  const t = f32x4.splat(top);
  const cooling = f32x4.splat(temperature);
  const whole = V & ~3;
  for (let j = 0; j < whole; j += 4) {
    const at = (<usize>j) << 2;
    v128.store(sums + at, Exp.of(f32x4.div(f32x4.sub(v128.load(x + at), t), cooling)));
  }
  const end = (<usize>whole) << 2;
  const tail = Vector.loadSome(x + end, V - whole, -Infinity);
  Vector.storeSome(sums + end, Exp.of(f32x4.div(f32x4.sub(tail, t), cooling)), V - whole);
  let total: f32 = 0;
  for (let j = 0; j < V; j++) {
    const at = sums + ((<usize>j) << 2);
    total += load<f32>(at);
    store<f32>(at, total);
  }
  // uniform·total may round up to the total itself: the last token that adds to it is taken then.
  const goal = uniform * total;
  for (let j = 0; j < V; j++) {
    const sum = load<f32>(sums + ((<usize>j) << 2));
    if (!(sum <= goal && sum < total)) return j;
  }
  return V - 1;
}
