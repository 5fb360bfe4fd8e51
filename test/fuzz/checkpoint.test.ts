/** Damaged checkpoints: whatever is in the files, a CheckpointError or a whole result, and never a hang. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readConfig, readTokenizer, writeConfig, writeTokenizer } from '../../src/model/checkpoint.ts';
import type { ModelConfig } from '../../src/model/config.ts';
import { CheckpointError } from '../../src/model/error.ts';
import { readJson } from '../../src/model/json.ts';
import { parameterTable, sizeOf } from '../../src/model/parameters.ts';
import { readSafetensors, writeSafetensors } from '../../src/model/safetensors.ts';
import { livelyWeights } from '../model/tiny.ts';
import { anyNumber, fuzz } from './fuzz.ts';

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

/** Any JSON, with the names that the files have among its keys. */
const json = fc.oneof(
  fc.jsonValue(),
  anyNumber,
  fc.array(anyNumber),
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
  const cases = 2_000;
  fuzz(
    fc.array(flip, { minLength: 1, maxLength: 5 }),
    (flips) => {
      const file = FILE.slice();
      for (const [at, by] of flips) file[at] ^= by;
      whole += Number(readsWeights(file));
    },
    cases,
  );
  expect(whole).toBeLessThan(cases / 2);
});

test('a header that is said to be without the spaces at its end', () => {
  const text = new TextDecoder().decode(FILE.subarray(8, 8 + HEADER_LENGTH));
  expect(text.length).toBeGreaterThan(text.trimEnd().length);
  for (let length = text.trimEnd().length; length < HEADER_LENGTH; length++) {
    const file = FILE.slice();
    new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
    expect(readsWeights(file), `${length}`).toBe(false);
  }
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
  fuzz(header, (text) => void readsWeights(withHeader(text)), 2_000);
  const lengths = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat(FILE.length).map(BigInt));
  fuzz(
    lengths,
    (length) => {
      const file = FILE.slice();
      new DataView(file.buffer).setBigUint64(0, length, true);
      if (length !== BigInt(HEADER_LENGTH)) expect(readsWeights(file)).toBe(false);
    },
    500,
  );
});

test('any bytes', () => {
  fuzz(fc.uint8Array({ maxLength: 200 }), (file) => void expect(readsWeights(file)).toBe(false), 1_000);
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
  const good = writeConfig(CONFIG) as Record<string, unknown>;
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
  fuzz(change, (some) => isWhole({ ...good, ...some }), 2_500);
  fuzz(json, isWhole, 500);
  fuzz(
    damages,
    (some) => {
      const read = damaged(JSON.stringify(good), some);
      if (read) isWhole(read.json);
    },
    2_000,
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
    fc.oneof(anyNumber, fc.nat(9), json),
    {
      maxKeys: 9,
    },
  );
  fuzz(ids, (vocab) => isWhole({ ...good, model: { type: 'WordLevel', vocab } }), 2_500);
  fuzz(
    json,
    (some) =>
      [some, { model: some }, { ...good, model: { type: 'WordLevel', vocab: some } }].forEach(isWhole),
    500,
  );
  fuzz(
    damages,
    (some) => {
      const read = damaged(JSON.stringify(good), some);
      if (read) isWhole(read.json);
    },
    2_000,
  );
});

test('a file of JSON, with any key of any object a second time', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  fuzz(
    fc.tuple(fc.json(), fc.constantFrom('', '\ufeff')),
    ([text, mark]) => void expect(readJson('it', bytes(mark + text))).toEqual(JSON.parse(text)),
    2_000,
  );
  const objects = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
  fuzz(
    fc.tuple(objects, fc.nat(), fc.jsonValue()),
    ([object, at, value]) => {
      const key = Object.keys(object)[at % Object.keys(object).length];
      const text = JSON.stringify(object);
      const twice = `${text.slice(0, -1)},${JSON.stringify(key)}:${JSON.stringify(value)}}`;
      for (const whole of [twice, `[${twice}]`, `{"":[1,${twice}]}`])
        expect(() => readJson('it', bytes(whole))).toThrow(CheckpointError);
    },
    2_000,
  );
});
