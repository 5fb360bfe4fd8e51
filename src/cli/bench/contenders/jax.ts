/** The training step in jax-js: the whole of it, AdamW and clipping included, is one jitted function. */
import { readFileSync } from 'node:fs';
import { ADAMW } from '../../../train/optimizer.ts';
import { parameterTable, sizeOf } from '../../../model/parameters.ts';
import { RATE, serve, type StepTask } from './contender.ts';
import { hiddenKeys, oneHot, targetsOf } from './inputs.ts';

// B texts, T positions, D channels, H heads, V tokens

// Node 20 has no navigator, which jax-js asks for; one thread.
if (typeof navigator === 'undefined')
  Object.assign(globalThis, { navigator: { userAgent: 'node', hardwareConcurrency: 1 } });
const { defaultDevice, init, jit, nn, numpy: np, valueAndGrad } = await import('@jax-js/jax');
type Array = ReturnType<typeof np.array>;
type Parameters = Record<string, Array>;
type Constants = { hot: Array; wanted: Array; counted: Array; hidden: Array };

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.resolve('@jax-js/jax')), 'utf8'),
) as { version: string };

await init('wasm');
defaultDevice('wasm');
await serve(async ({ config, batch, weights }: StepTask) => {
  const { width: D, heads: H, vocabulary: V, layers } = config;
  const { B, T } = batch;
  const table = parameterTable(config);
  const array = (values: ArrayLike<number>, shape: number[]) =>
    np.array(Float32Array.from(values)).reshape(shape);
  const make = (values: (name: string, size: number) => ArrayLike<number>): Parameters =>
    Object.fromEntries(table.map(({ name, shape }) => [name, array(values(name, sizeOf(shape)), shape)]));
  const constants: Constants = {
    hot: array(oneHot(batch.tokens, V), [B * T, V]),
    wanted: array(oneHot(targetsOf(batch.tokens), V), [B * T, V]),
    counted: array(batch.weights, [B * T]),
    hidden: array(hiddenKeys(batch), [B, 1, T, T]),
  };
  // Every use of an array but its last is `.ref`: a call takes what it is given.
  const loss = (p: Parameters, { hot, wanted, counted, hidden }: Constants) => {
    const at = (name: string) => p[`transformer.${name}`];
    const norm = (x: Array, name: string) =>
      nn
        .standardize(x, -1, { epsilon: 1e-5 })
        .mul(at(`${name}.weight`))
        .add(at(`${name}.bias`));
    const project = (x: Array, name: string) => np.matmul(x, at(`${name}.weight`)).add(at(`${name}.bias`));
    const heads = (x: Array, part: number) =>
      x
        .slice([], [part * D, (part + 1) * D])
        .reshape([B, T, H, D / H])
        .transpose([0, 2, 1, 3]);
    const positions = at('wpe.weight').slice([0, T], []);
    let x = np
      .matmul(hot, at('wte.weight').ref)
      .reshape([B, T, D])
      .add(positions)
      .reshape([B * T, D]);
    for (let l = 0; l < layers; l++) {
      const qkv = project(norm(x.ref, `h.${l}.ln_1`), `h.${l}.attn.c_attn`);
      const [q, k, v] = [heads(qkv.ref, 0), heads(qkv.ref, 1), heads(qkv, 2)];
      const mask = l === layers - 1 ? hidden : hidden.ref;
      const scores = np
        .matmul(q, k.transpose([0, 1, 3, 2]))
        .mul(1 / Math.sqrt(D / H))
        .add(mask);
      const mixed = np
        .matmul(nn.softmax(scores, -1), v)
        .transpose([0, 2, 1, 3])
        .reshape([B * T, D]);
      x = x.add(project(mixed, `h.${l}.attn.c_proj`));
      const inner = nn.gelu(project(norm(x.ref, `h.${l}.ln_2`), `h.${l}.mlp.c_fc`), { approximate: true });
      x = x.add(project(inner, `h.${l}.mlp.c_proj`));
    }
    const logits = np.matmul(norm(x, 'ln_f'), at('wte.weight').transpose());
    const each = nn.logSoftmax(logits, -1).mul(wanted).sum(-1).neg();
    return each.mul(counted.ref).sum().div(counted.sum());
  };
  const { beta1, beta2, epsilon, decay, clip } = ADAMW;
  /** Loss, norm of the gradient, new parameters and moments; `firstShare` = 1 − β₁ᵗ, `secondShare` = 1 − β₂ᵗ. */
  const whole = jit(
    (p: Parameters, m: Parameters, v: Parameters, c: Constants, firstShare: Array, secondShare: Array) => {
      const kept = Object.fromEntries(Object.entries(p).map(([name, x]) => [name, x.ref]));
      const [value, gradients] = valueAndGrad(loss)(p, c) as [Array, Parameters];
      const squares = table.map(({ name }) => np.square(gradients[name].ref).sum());
      const norm = np.sqrt(squares.reduce((a, b) => a.add(b)));
      const scale = np.minimum(np.array(clip).div(norm.ref), 1);
      const next: { p: Parameters; m: Parameters; v: Parameters } = { p: {}, m: {}, v: {} };
      for (const { name, decays } of table) {
        const g = gradients[name].mul(scale.ref);
        const first = m[name].mul(beta1).add(g.ref.mul(1 - beta1));
        const second = v[name].mul(beta2).add(np.square(g).mul(1 - beta2));
        next.m[name] = first.ref;
        next.v[name] = second.ref;
        const move = first.div(firstShare.ref).div(np.sqrt(second.div(secondShare.ref)).add(epsilon));
        next.p[name] = kept[name].mul(1 - (decays ? RATE * decay : 0)).sub(move.mul(RATE));
      }
      scale.dispose();
      firstShare.dispose();
      secondShare.dispose();
      return { value, norm, ...next };
    },
  );
  let state = {
    p: make((name) => weights[name]),
    m: make((_, size) => new Float32Array(size)),
    v: make((_, size) => new Float32Array(size)),
  };
  let t = 0;
  const step = async () => {
    t += 1;
    const { hot, wanted, counted, hidden } = constants;
    const again = { hot: hot.ref, wanted: wanted.ref, counted: counted.ref, hidden: hidden.ref };
    const { value, norm, ...next } = whole(state.p, state.m, state.v, again, 1 - beta1 ** t, 1 - beta2 ** t);
    state = next;
    return { loss: value.item(), norm: norm.item() };
  };
  return {
    ...(await step()),
    about: `jax-js ${version}, WASM, the whole step jitted`,
    step: async () => void (await step()),
    dispose() {
      whole.dispose();
      for (const arrays of [constants, state.p, state.m, state.v])
        for (const x of Object.values(arrays)) x.dispose();
    },
  };
});
