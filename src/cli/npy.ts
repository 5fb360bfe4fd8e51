import { strToU8, zipSync } from 'fflate';

/** A column of a table: numbers (n) or (n, k), or texts (n). */
export type Column = { numbers: Float32Array; width?: number } | { texts: readonly string[] };

/** Bytes of one .npy file (format 1.0: magic, version, header length, header padded to 64 bytes, data). */
export function npy(column: Column): Uint8Array {
  const { descr, shape, data } = 'numbers' in column ? ofNumbers(column) : ofTexts(column.texts);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const padded = Math.ceil((10 + header.length + 1) / 64) * 64 - 10;
  const file = new Uint8Array(10 + padded + data.length);
  file.set([0x93, ...strToU8('NUMPY'), 1, 0, padded & 0xff, padded >> 8]);
  file.set(strToU8(`${header.padEnd(padded - 1)}\n`), 10);
  file.set(data, 10 + padded);
  return file;
}

function ofNumbers({ numbers, width }: { numbers: Float32Array; width?: number }) {
  const data = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return { descr: '<f4', shape: width ? [numbers.length / width, width] : [numbers.length], data };
}

/** numpy keeps texts as UTF-32 of the longest one's length. */
function ofTexts(texts: readonly string[]) {
  const points = texts.map((text) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0));
  const length = Math.max(1, ...points.map((p) => p.length));
  const units = new Uint32Array(texts.length * length);
  points.forEach((p, i) => units.set(p, i * length));
  return { descr: `<U${length}`, shape: [texts.length], data: new Uint8Array(units.buffer) };
}

/** An .npz archive, as numpy.load reads it. The same columns give the same bytes, on any day and in any place. */
export function npz(columns: Record<string, Column>): Uint8Array {
  return zipSync(
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [`${name}.npy`, npy(column)])),
    { mtime: new Date(1980, 0, 1) }, // the first day that a zip can tell, and that of numpy’s own
  );
}
