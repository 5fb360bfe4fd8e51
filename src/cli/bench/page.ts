import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from '../markdown.ts';
import { hasRun, ratioOf } from './race.ts';
import type { Bench, Comparison, Growth } from './result.ts';
import type { Timing } from './timing.ts';

/** Three figures, which is more than two runs agree on; whole from a hundred up. */
const number = (x: number): string =>
  Math.abs(x) >= 100 ? Math.round(x).toLocaleString('en') : `${Number(x.toPrecision(3))}`;
const ms = (x: number): string => `${number(x)} ms`;
const kB = (bytes: number): string => `${number(bytes / 1000)} kB`;
const MB = (bytes: number): string => `${number(bytes / 1e6)} MB`;
const seconds = (x: number): string => `${number(x / 1000)} s`;
const spread = ({ median, min, max }: Timing, says = ms): string[] => [median, min, max].map(says);

/** What was aimed at, and what came of it; null where the run could not tell. */
interface Aim {
  what: string;
  limit: number;
  /** The limit is the least, not the most. */
  least?: boolean;
  says?: (x: number) => string;
  reached(bench: Bench): number | null;
}

const AIMS: Aim[] = [
  { what: 'step / plain TensorFlow.js', limit: 1 / 15, reached: ({ step }) => step.ratio },
  { what: 'step / PyTorch', limit: 1.3, reached: ({ step }) => step.torchRatio },
  { what: 'step / jax-js', limit: 0.4, reached: ({ step }) => step.jaxRatio },
  { what: 'step with relaxed SIMD / PyTorch', limit: 1.1, reached: ({ step }) => step.relaxedTorchRatio },
  {
    what: 'share of our matrix product’s peak that the step reaches',
    limit: 0.75,
    least: true,
    reached: ({ shareOfPeak }) => shareOfPeak,
  },
  { what: 'WebGPU dispatches of a training step', limit: 56, reached: ({ dispatches }) => dispatches.step },
  { what: 'of a forward pass', limit: 25, reached: ({ dispatches }) => dispatches.forward },
  { what: 'of a decoded token', limit: 14, reached: ({ dispatches }) => dispatches.token },
  {
    what: 'scripts of the worker on WASM',
    limit: 160_000,
    says: kB,
    reached: ({ bundle }) => bundle && bundle.workerWasm,
  },
  {
    what: 'judging 600 stored responses anew, by two principles',
    limit: 60,
    says: ms,
    reached: ({ judge600Ms }) => judge600Ms,
  },
  {
    what: 'tokens sampled in a second',
    limit: 30_000,
    least: true,
    reached: ({ decodeTokensPerSecond }) => decodeTokensPerSecond,
  },
  {
    what: '40 steps of RLAIF',
    limit: 20,
    says: (x) => `${number(x)} s`,
    reached: ({ rlaif }) => rlaif.seconds,
  },
  {
    what: 'pretraining of the base model',
    limit: 10,
    says: (x) => `${number(x)} min`,
    reached: ({ pretrainMinutes }) => pretrainMinutes,
  },
  { what: 'tensors left behind', limit: 0, reached: ({ tensorsLeaked }) => tensorsLeaked },
];

/** A column a machine; what misses its aim says so. */
const aims = (benches: readonly Bench[]): string[] =>
  table(
    ['', 'aim', ...benches.map(({ machine }) => machine.cpu)],
    AIMS.map(({ what, limit, least, says = number, reached }) => {
      const found = benches.map(reached).map((x) => {
        if (x === null) return 'not measured';
        return (least ? x >= limit : x <= limit) ? says(x) : `**missed:** ${says(x)}`;
      });
      return [what, `${least ? '≥' : '≤'} ${says(limit)}`, ...found];
    }),
  );

const NAMES = {
  ours: 'ours',
  relaxed: 'ours, relaxed SIMD',
  torch: 'PyTorch',
  jax: 'jax-js',
  transposed: 'TensorFlow.js, explicit transposes',
  plain: 'TensorFlow.js',
} as const;

function comparison({ shape, gflop, runs }: Comparison): string[] {
  const { B, T, vocabulary, width, layers } = shape;
  const rows = (Object.keys(NAMES) as (keyof typeof NAMES)[]).map((name) => {
    const run = runs[name];
    if (!hasRun(run)) return [NAMES[name], `did not run: ${run.missing}`, '', '', '', '', ''];
    return [NAMES[name], run.about, ...spread(run), number(ratioOf(runs.ours, run)), MB(run.peakBytes)];
  });
  return [
    `${B} texts × ${T} tokens, vocabulary ${vocabulary}, width ${width}, ${layers} blocks: ${number(gflop)} GFLOP.`,
    '',
    ...table(['', 'what ran', 'median', 'least', 'most', 'ours / it', 'memory'], rows),
  ];
}

function growth(name: string, { sizes, work, ours, plain }: Growth): string[] {
  const column = (values: readonly number[] | undefined, i: number) => (values ? number(values[i]) : '');
  const rows = sizes.map((size, i) => [
    `${size}`,
    column(work.gflop, i),
    column(ours.ms, i),
    column(plain?.ms, i),
  ]);
  const exponents = [work, ours, plain].map((fitted) => (fitted ? `**${number(fitted.exponent)}**` : ''));
  return table([name, 'GFLOP', 'ours, ms', 'TensorFlow.js, ms'], [...rows, ['exponent', ...exponents]]);
}

function engine({ timings, pretrainMinutes }: Bench): string[] {
  const { judging, refit, decode, rlaif } = timings;
  return table(
    ['', 'median', 'least', 'most'],
    [
      ...judging.map((one) => [
        `judging 600 stored responses by “${one.constitution}” (${one.tokens} tokens)`,
        ...spread(one),
      ]),
      ['fitting a direction anew on 600 verdicts', ...spread(refit)],
      [`sampling ${decode.texts} responses, ${number(decode.tokens)} tokens`, ...spread(decode)],
      ['a step of RLAIF, 128 responses', ...spread(rlaif.step)],
      [
        `${rlaif.steps} of them, measured before and after, ${rlaif.run.n} times`,
        ...spread(rlaif.run, seconds),
      ],
      ['pretraining, reckoned from some steps of each phase', `${number(pretrainMinutes)} min`, '', ''],
    ],
  );
}

function weight({
  bundle,
  memory,
  stepGflops,
  matmulPeakGflops,
  dispatches,
  tensorsLeaked,
}: Bench): string[] {
  const sizes = bundle && [
    ['scripts and styles that the page opens with, gzip', kB(bundle.opening)],
    ['scripts of the worker on WASM, gzip', kB(bundle.workerWasm)],
    ['scripts of the worker on WebGPU, gzip', kB(bundle.workerWebgpu)],
  ];
  return table(
    ['', ''],
    [
      ...(sizes ?? []),
      ['arithmetic of the step', `${number(stepGflops)} GFLOP/s`],
      ['arithmetic of our matrix product at its best', `${number(matmulPeakGflops)} GFLOP/s`],
      ['WebGPU dispatches of a training step, a forward pass, a token', Object.values(dispatches).join(', ')],
      ['tensors of the model', MB(memory.tensors)],
      ['process of the step, at its largest', MB(memory.process)],
      ['tensors left behind', `${tensorsLeaked}`],
    ],
  );
}

const METHOD = `## How the numbers came to be

- **One run, in turns.** Each contender is a process of its own, on one thread. All do a step in turn (and one
  before it, which is not counted), so what else the machine does meets all alike: ratios are what counts. A ratio is the
  median over turns, not that of the medians: hosts are fast and slow for seconds on end.
- **The same step.** All start from the same weights and texts. Whose loss or norm of the whole
  gradient is not ours within a thousandth is not timed. A time ends when the loss has been read.
- **Ours** is a step of pretraining: gradients, clipping, AdamW. PyTorch and jax-js do the same; the whole of jax-js's step
  is one jitted function. TensorFlow.js is written as anyone would, with its own Adam, which neither clips nor decays;
  with explicit transposes its products get transposed copies, since its transpose flags are slow on WASM.
- **PyTorch** runs eagerly, with OpenBLAS preloaded where it is installed (Debian's default BLAS is ten times slower) and told
  which of its kernels to take (an old release on a new processor takes the oldest). The table says which ran. Its
  memory is as glibc gives it; told to keep what was freed, it measured a tenth faster on one machine.
- **Relaxed SIMD** fuses multiplication and addition. Node 20 reads it behind a flag; Chrome and Firefox have it. The page
  takes it where it is; the command line does not, so that its results repeat.
- **GFLOP** are those of matrix products, counted from the shapes; products with keys that the mask hides do not count.
  The peak is the best that our product reaches at the model's shapes right after our steps, turn by turn: a slow
  moment of the machine slows both.
- **Growth** holds all else at the first shape; the exponent is the slope of a line through the logarithms.
- **Judging** asks for verdicts on gists that are stored. **Sampling** decodes all responses at once; tokens of prompts are
  not counted. **RLAIF** runs to its last step whatever it costs in KL.
- **Dispatches** are counted at the device by a test in the browser, which holds them to the committed count.`;

/** All that one machine measured. */
function details(bench: Bench): string[][] {
  const { machine, repeats, seconds, seed, commit } = bench;
  const { cpu, cores, os, node, load } = machine;
  return [
    [`## ${cpu}`],
    [
      `Medians of ${repeats} in one run of ${number(seconds / 60)} minutes, with the least and the most, on one thread`,
      `(${cores} cores, ${os}), Node ${node}; load when it began ${number(load)}. Seed ${seed}, commit`,
      `${commit?.slice(0, 10) ?? 'unknown'}.`,
    ],
    ['### A training step'],
    comparison(bench.step),
    ['As pretraining runs it:'],
    comparison(bench.stepReal),
    ['### How it grows'],
    growth('width', bench.growth.width),
    growth('texts', bench.growth.batch),
    ['### What the page waits for'],
    engine(bench),
    ['### Weight and memory'],
    weight(bench),
  ];
}

/** docs/performance.md: the last run of each machine. */
export function performancePage(benches: readonly Bench[]): string {
  const tried = readFileSync(join(import.meta.dirname, 'tried.md'), 'utf8').trim();
  const sections = [
    ['# Performance'],
    [
      'Written from the files of `docs/performance/`, one a processor, by `npm run --silent lab -- bench --save`; numbers are',
      'not written by hand. Ratios to other libraries are the processor’s too: PyTorch has wider instructions where there are',
      'any, and WebAssembly four floats at a time on all.',
    ],
    ['## Aims'],
    aims(benches),
    ...benches.flatMap(details),
    [METHOD],
    [tried],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
