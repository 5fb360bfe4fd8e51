import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromJson, toJson } from '../../src/worker/json.ts';

const finite = { noNaN: true, noDefaultInfinity: true } as const;
const positive = <T extends number>(x: T) => x + 0; // JSON has no −0
const message = fc.letrec((part) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.double(finite).map(positive),
    fc.array(fc.float(finite)).map((x) => Float32Array.from(x, positive)),
    fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })).map((x) => Int32Array.from(x)),
    fc.array(part('group')),
    part('group'),
  ),
  group: fc.dictionary(
    fc.string().filter((key) => !['float32', 'int32', '__proto__'].includes(key)),
    part('any'),
    { noNullPrototype: true },
  ),
})).any;

test('a message is read as it was written, to the last bit', () => {
  fc.assert(
    fc.property(message, (one) => {
      expect(fromJson(toJson(one))).toStrictEqual(one);
    }),
  );
});

test('of numbers what is to be kept is kept', () => {
  expect(toJson({ a: 1 / 3, b: Float32Array.of(0.25) }, (x) => Math.round(x * 10) / 10)).toBe(
    '{"a":0.3,"b":{"float32":[0.3]}}',
  );
});
