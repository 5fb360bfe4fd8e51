/** Damaged checkpoints: whatever is in the files, a CheckpointError or a whole result, and never a hang. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CheckpointError,
  readConfig,
  readSafetensors,
  readTokenizer,
  writeConfig,
  writeSafetensors,
  writeTokenizer,
} from '../../src/model/checkpoint.ts';
import type { ModelConfig } from '../../src/model/config.ts';
import { parameterTable, sizeOf } from '../../src/model/parameters.ts';
import { livelyWeights } from './tiny.ts';

const CONFIG: ModelConfig = { vocabulary: 5, positions: 3, width: 2, layers: 1, heads: 1 };
const FILE = writeSafetensors(CONFIG, livelyWeights(CONFIG, 'damage'));
const HEADER_LENGTH = Number(new DataView(FILE.buffer).getBigUint64(0, true));
const HEADER = JSON.parse(new TextDecoder().decode(FILE.subarray(8, 8 + HEADER_LENGTH))) as Record<
  string,
  object
>;
const DATA = FILE.subarray(8 + HEADER_LENGTH);

/** Reads; says whether it worked. Anything but a CheckpointError is passed on. */
function readsWeights(file: Uint8Array): boolean {
  try {
    const weights = readSafetensors(CONFIG, file);
    for (const { name, shape } of parameterTable(CONFIG)) {
      expect(weights[name]).toHaveLength(sizeOf(shape));
      expect(weights[name].every(Number.isFinite)).toBe(true);
    }
    return true;
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    expect(error.message).not.toBe('');
    return false;
  }
}

function withHeader(header: string, length = new TextEncoder().encode(header).length): Uint8Array {
  const json = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + json.length + DATA.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.set(json, 8);
  file.set(DATA, 8 + json.length);
  return file;
}

/** The numbers that break things, and any other. */
const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, -1, 1, 2, 42, 2 ** 31, 2 ** 32 - 2, 2 ** 53, -(2 ** 53), 1e300),
);
/** Any JSON, with the names that the files have among its keys. */
const json = fc.oneof(
  fc.jsonValue(),
  number,
  fc.array(number),
  fc.constantFrom('', 'F16', 'F32', 'toString', '__proto__', 'gpt2'),
);

test('the whole file is read', () => {
  expect(readsWeights(FILE)).toBe(true);
});

test('weights cut off anywhere are refused', () => {
  for (let length = 0; length < FILE.length; length++)
    expect(readsWeights(FILE.slice(0, length))).toBe(false);
});

test('bytes flipped in the header', () => {
  const flip = fc.tuple(fc.nat(7 + HEADER_LENGTH), fc.integer({ min: 1, max: 255 }));
  let whole = 0;
  fc.assert(
    fc.property(fc.array(flip, { minLength: 1, maxLength: 5 }), (flips) => {
      const file = FILE.slice();
      for (const [at, by] of flips) file[at] ^= by;
      whole += Number(readsWeights(file));
    }),
    { numRuns: 2_000 },
  );
  expect(whole).toBeLessThan(1_000);
});

test('any header, of any length', () => {
  const header = fc.oneof(
    fc.json(),
    fc.string(),
    // A true header with one thing of one tensor changed.
    fc
      .tuple(fc.constantFrom(...Object.keys(HEADER)), fc.constantFrom('dtype', 'shape', 'data_offsets'), json)
      .map(([name, key, value]) => JSON.stringify({ ...HEADER, [name]: { ...HEADER[name], [key]: value } })),
    // … or one tensor.
    fc
      .tuple(fc.constantFrom(...Object.keys(HEADER)), json)
      .map(([name, value]) => JSON.stringify({ ...HEADER, [name]: value })),
  );
  fc.assert(
    fc.property(header, (text) => void readsWeights(withHeader(text))),
    { numRuns: 2_000 },
  );
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (length) => {
      const file = FILE.slice();
      new DataView(file.buffer).setBigUint64(0, length, true);
      if (length !== BigInt(HEADER_LENGTH)) expect(readsWeights(file)).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test('any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (file) => void expect(readsWeights(file)).toBe(false)),
    { numRuns: 1_000 },
  );
});

/** Text with some of its characters lost, changed or doubled, and then read as JSON; undefined if it is none. */
function damaged(
  text: string,
  damages: readonly (readonly [number, string])[],
): { json: unknown } | undefined {
  let left = text;
  for (const [at, put] of damages) {
    const i = at % (left.length + 1);
    left = left.slice(0, i) + put + left.slice(i + 1);
  }
  try {
    return { json: JSON.parse(left) };
  } catch {
    return undefined; // not JSON at all: the caller's own JSON.parse says so
  }
}

const damages = fc.array(
  fc.tuple(fc.nat(), fc.constantFrom('', '0', '9', '-', 'e', '.', '"a"', '[]', 'null', ',')),
  {
    minLength: 1,
    maxLength: 4,
  },
);

test('damaged config.json', () => {
  const good = writeConfig(CONFIG, { bos: 1, eos: 2, gist: 3 }) as Record<string, unknown>;
  const isWhole = (read: unknown) => {
    try {
      const config = readConfig(read);
      for (const n of Object.values(config)) expect(Number.isInteger(n) && n >= 1 && n <= 65_536).toBe(true);
      expect(config.width % config.heads).toBe(0);
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
    }
  };
  const change = fc.dictionary(fc.constantFrom(...Object.keys(good)), json);
  fc.assert(
    fc.property(change, (some) => isWhole({ ...good, ...some })),
    { numRuns: 1_000 },
  );
  fc.assert(fc.property(json, isWhole), { numRuns: 500 });
  fc.assert(
    fc.property(damages, (some) => {
      const read = damaged(JSON.stringify(good), some);
      if (read) isWhole(read.json);
    }),
    { numRuns: 1_000 },
  );
  for (const nothing of [undefined, null, 0, '', [], {}])
    expect(() => readConfig(nothing)).toThrow(CheckpointError);
});

test('damaged tokenizer.json', () => {
  const words = ['<pad>', '<bos>', '<eos>', '<gist>', 'toString', '__proto__', '7', 'good'];
  const good = JSON.parse(JSON.stringify(writeTokenizer(words, words.slice(0, 4)))) as {
    model: { vocab: object };
  };
  expect(readTokenizer(good)).toEqual(words);
  const isWhole = (read: unknown) => {
    try {
      const list = readTokenizer(read);
      expect(Array.isArray(list)).toBe(true);
      for (let i = 0; i < list.length; i++) expect(typeof list[i]).toBe('string');
      expect(new Set(list).size).toBe(list.length);
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
    }
  };
  const ids = fc.dictionary(
    fc.oneof(fc.string(), fc.constantFrom(...words)),
    fc.oneof(number, fc.nat(9), json),
    {
      maxKeys: 9,
    },
  );
  fc.assert(
    fc.property(ids, (vocab) => isWhole({ model: { vocab } })),
    { numRuns: 2_000 },
  );
  fc.assert(
    fc.property(
      json,
      (some) => (isWhole(some), isWhole({ model: some }), isWhole({ model: { vocab: some } })),
    ),
    {
      numRuns: 500,
    },
  );
  fc.assert(
    fc.property(damages, (some) => {
      const read = damaged(JSON.stringify(good), some);
      if (read) isWhole(read.json);
    }),
    { numRuns: 1_000 },
  );
});
