/**
 * Compiles the AssemblyScript sources of the kernels into src/kernels/build/kernels.ts, a module that holds the bytes
 * and the types of the exported functions, so that Node and workers load them alike, without a fetch.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const sources = readdirSync(join(root, 'src/kernels'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) =>
    readdirSync(join(root, 'src/kernels', name)).map((file) => `src/kernels/${name}/${file}`),
  )
  .filter((path) => path.endsWith('/wasm.as.ts'))
  .sort();

const compiled = new Map<string, string | Uint8Array>();
const options =
  '--enable simd --runtime stub --importMemory --noAssert --bindings raw --disableWarning 112 -O3 -o kernels.wasm';
const stderr = asc.createMemoryStream();
const { error } = await asc.main([...sources, ...options.split(' '), '--baseDir', root], {
  stderr,
  writeFile: (name, contents) => void compiled.set(name, contents),
});
if (error) {
  process.stderr.write(`${stderr.toString()}${error.message}\n`);
  process.exit(1);
}

const bytes = compiled.get('kernels.wasm') as Uint8Array<ArrayBuffer>;
refuseStatics(bytes);
const declared = compiled.get('kernels.d.ts') as string;
const signatures = [...declared.matchAll(/export function (\w+)(\(.*\)): (\w+);/g)]
  .map(([, name, parameters, result]) => `  ${name}${parameters}: ${result};`)
  .sort();

mkdirSync(join(root, 'src/kernels/build'), { recursive: true });
writeFileSync(
  join(root, 'src/kernels/build/kernels.ts'),
  [
    '// Written by src/cli/kernels.ts.',
    '/** The functions of the module; pointers are byte offsets into its memory. */',
    'export interface Kernels {',
    ...signatures,
    '}',
    '/** The module, in base64. */',
    `export const KERNELS = '${Buffer.from(bytes).toString('base64')}';`,
    '',
  ].join('\n'),
);
process.stderr.write(`kernels: ${signatures.length} functions, ${bytes.length} bytes\n`);

/** Static data would be written over the heap of TensorFlow.js, whose memory the module lives in; so none may exist. */
function refuseStatics(module: Uint8Array<ArrayBuffer>): void {
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
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(module)).map(({ name }) => name);
  if (imports.join() !== 'memory')
    throw new Error(`the kernels import ${imports.join(', ')}, not memory alone`);
}
