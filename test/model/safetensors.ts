/**
 * A small reader of safetensors, from the format's description alone: 8 bytes of header length (little-endian), a
 * JSON header of {name: {dtype, shape, data_offsets}}, then the data, which the tensors fill without holes.
 */
export interface StoredTensor {
  dtype: string;
  shape: number[];
  values: number[];
}

export function parseSafetensors(file: Uint8Array): {
  tensors: Map<string, StoredTensor>;
  metadata: Record<string, string>;
} {
  let length = 0;
  for (let i = 7; i >= 0; i--) length = length * 256 + file[i];
  const text = String.fromCharCode(...file.slice(8, 8 + length));
  if (!text.startsWith('{')) throw new Error('the header should begin with {');
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(text) as Record<string, never>;
  const data = file.slice(8 + length);
  const tensors = new Map<string, StoredTensor>();
  let end = 0;
  for (const [name, entry] of Object.entries(entries)) {
    const { dtype, shape, data_offsets } = entry as {
      dtype: string;
      shape: number[];
      data_offsets: [number, number];
    };
    const [from, to] = data_offsets;
    if (from !== end) throw new Error(`${name} begins at ${from}, not at ${end}`);
    const size = dtype === 'F16' ? 2 : 4;
    const values: number[] = [];
    for (let at = from; at < to; at += size) {
      const word = data.slice(at, at + size).reduceRight((bits, byte) => bits * 256 + byte, 0);
      values.push(size === 2 ? number(word, 5, 10) : number(word, 8, 23));
    }
    if (values.length !== shape.reduce((n, size) => n * size, 1)) throw new Error(`${name} has another size`);
    tensors.set(name, { dtype, shape, values });
    end = to;
  }
  if (end !== data.length) throw new Error(`${data.length - end} bytes belong to no tensor`);
  return { tensors, metadata };
}

/** An IEEE 754 number of so many bits; finite ones only. */
function number(bits: number, exponentBits: number, fractionBits: number): number {
  const fraction = bits % 2 ** fractionBits;
  const exponent = Math.floor(bits / 2 ** fractionBits) % 2 ** exponentBits;
  const sign = bits >= 2 ** (exponentBits + fractionBits) ? -1 : 1;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias - fractionBits);
  return sign * (2 ** fractionBits + fraction) * 2 ** (exponent - bias - fractionBits);
}
