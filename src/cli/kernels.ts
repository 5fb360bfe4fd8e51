/**
 * Compiles the AssemblyScript sources of the kernels into src/kernels/build: `simd.ts` and `relaxed.ts` hold the bytes of
 * the two builds, `kernels.ts` the types of their functions, so that Node and workers load them alike, without a fetch.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const build = join(root, 'src/kernels/build');
const sources = readdirSync(join(root, 'src/kernels'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) =>
    readdirSync(join(root, 'src/kernels', name)).map((file) => `src/kernels/${name}/${file}`),
  )
  .filter((path) => path.endsWith('/wasm.as.ts'))
  .sort();

const simd = await compile('simd');
const relaxed = await compile('simd', 'relaxed-simd');
refuseImports(simd.bytes); // the other has the same sources, and Node 20 does not read it
const signatures = [...simd.declared.matchAll(/export function (\w+)(\(.*\)): (\w+);/g)]
  .map(([, name, parameters, result]) => `  ${name}${parameters}: ${result};`)
  .sort();

mkdirSync(build, { recursive: true });
write('kernels.ts', [
  '/** The functions of either build; pointers are byte offsets into its memory. */',
  'export interface Kernels {',
  ...signatures,
  '}',
]);
write('simd.ts', module(simd.bytes));
write('relaxed.ts', module(relaxed.bytes));
process.stderr.write(
  `kernels: ${signatures.length} functions, ${simd.bytes.length} bytes, relaxed ${relaxed.bytes.length}\n`,
);

/** One module of all sources, and the declarations of its functions. */
async function compile(...features: string[]): Promise<{ bytes: Uint8Array; declared: string }> {
  const written = new Map<string, string | Uint8Array>();
  const enabled = features.flatMap((feature) => ['--enable', feature]);
  const options =
    '--runtime stub --importMemory --noAssert --bindings raw --disableWarning 112 -O3 -o kernels.wasm';
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main([...sources, ...enabled, ...options.split(' '), '--baseDir', root], {
    stderr,
    writeFile: (name, contents) => void written.set(name, contents),
  });
  if (error) {
    process.stderr.write(`${stderr.toString()}${error.message}\n`);
    process.exit(1);
  }
  const bytes = written.get('kernels.wasm') as Uint8Array;
  refuseStatics(bytes);
  return { bytes, declared: written.get('kernels.d.ts') as string };
}

function module(bytes: Uint8Array): string[] {
  return [
    '/** A build of the kernels, in base64. */',
    `export const MODULE = '${Buffer.from(bytes).toString('base64')}';`,
  ];
}

function write(name: string, lines: string[]): void {
  writeFileSync(join(build, name), ['// Written by src/cli/kernels.ts.', ...lines, ''].join('\n'));
}

/** Static data would be written over the heap of TensorFlow.js, whose memory the module lives in; so none may exist. */
function refuseStatics(module: Uint8Array): void {
  const DATA = 11;
  let at = 8;
  while (at < module.length) {
    const section = module[at++];
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++];
      size |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    if (section === DATA) throw new Error('the kernels hold static data');
    at += size;
  }
}

function refuseImports(bytes: Uint8Array): void {
  const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
  const imports = WebAssembly.Module.imports(module).map(({ name }) => name);
  if (imports.join() !== 'memory')
    throw new Error(`the kernels import ${imports.join(', ')}, not memory alone`);
}
