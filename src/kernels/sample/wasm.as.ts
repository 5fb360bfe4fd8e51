// B rows, V tokens in the vocabulary
import { Exp } from '../shared/exp.as';
import { largest } from '../shared/softmax.as';
import { ln, Vector } from '../shared/vector.as';

/**
 * The first token at which the running sum of exp((logit − max)/temperature) passes uniform·total, and the logarithm of its
 * share of the total; at temperature 0 the likeliest token, and 0.
 * @param scratch room for V floats
 */
export function sampleRows(
  logits: usize,
  uniforms: usize,
  B: i32,
  V: i32,
  temperature: f32,
  tokens: usize,
  logProbs: usize,
  scratch: usize,
): void {
  for (let b = 0; b < B; b++) {
    const top = largest(logits, V);
    const at = (<usize>b) << 2;
    let token = 0;
    let logProb: f32 = 0;
    if (temperature == 0) token = firstEqual(logits, V, top);
    else {
      const total = accumulate(logits, V, top, temperature, scratch);
      token = firstBeyond(scratch, V, load<f32>(uniforms + at) * total, total);
      const logit = load<f32>(logits + ((<usize>token) << 2));
      logProb = (logit - top) / temperature - <f32>ln(<f64>total);
    }
    store<i32>(tokens + at, token);
    store<f32>(logProbs + at, logProb);
    logits += (<usize>V) << 2;
  }
}

function firstEqual(x: usize, V: i32, value: f32): i32 {
  for (let j = 0; j < V; j++) if (load<f32>(x + ((<usize>j) << 2)) == value) return j;
  return 0;
}

/** Running sums of exp((x − top)/temperature); returns the last. */
function accumulate(x: usize, V: i32, top: f32, temperature: f32, sums: usize): f32 {
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
  return total;
}

/** The first of the sums that is beyond the goal. */
function firstBeyond(sums: usize, V: i32, goal: f32, total: f32): i32 {
  for (let j = 0; j < V; j++) {
    const sum = load<f32>(sums + ((<usize>j) << 2));
    // The goal may round up to the total itself: the last token that adds to it is taken then.
    if (!(sum <= goal && sum < total)) return j;
  }
  return V - 1;
}
