import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHalf, toHalf } from '../../src/model/half.ts';

/** From the format's description: sign, 5 bits of exponent with bias 15, 10 bits of fraction. */
function described(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * 2 ** -14 * fraction : sign * 2 ** (exponent - 15) * (1 + fraction);
}

test.each([
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2, 0xc000],
  [0.1, 0x2e66],
  [1 / 3, 0x3555],
  [Math.PI, 0x4248],
  [2 ** -14, 0x0400], // smallest normal
  [1023 * 2 ** -24, 0x03ff], // largest subnormal
  [1023.5 * 2 ** -24, 0x0400], // a tie into the normals
  [2 ** -24, 0x0001],
  [2 ** -25, 0x0000], // a tie, to even
  [1.001 * 2 ** -25, 0x0001],
  [1.5 * 2 ** -24, 0x0002], // a tie, to even
  [2.5 * 2 ** -24, 0x0002],
  [1 + 2 ** -11, 0x3c00], // a tie, to even
  [1 + 3 * 2 ** -11, 0x3c02],
  [1 + 2 ** -11 + 2 ** -20, 0x3c01],
  [2 - 2 ** -12, 0x4000], // rounds into the next power of two
  [65504, 0x7bff],
  [65519, 0x7bff],
  [65520, 0x7c00], // a tie between the largest number and what would be next
  [-1e6, 0xfc00],
  [1e-30, 0x0000],
  [-1e-30, 0x8000],
  [Infinity, 0x7c00],
  [-Infinity, 0xfc00],
  [NaN, 0x7e00],
])('%d is %i', (x, bits) => {
  expect(toHalf(x)).toBe(bits);
});

test('all 65,536 patterns mean what the format says, and come back', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const x = fromHalf(bits);
    if (!Object.is(x, described(bits))) expect.fail(`${bits} is ${described(bits)}, not ${x}`);
    const back = toHalf(x);
    if (Number.isNaN(x) ? !Number.isNaN(fromHalf(back)) : back !== bits)
      expect.fail(`${bits} comes back as ${back}`);
  }
});

test('float32 goes to the nearest float16, ties to even', () => {
  // Positive patterns are in order of their numbers; 65536 stands where infinity is.
  const number = (bits: number) => (bits === 0x7c00 ? 65536 : described(bits));
  const nearest = (x: number) => {
    let low = 0;
    for (let step = 0x4000; step > 0; step >>= 1)
      if (low + step <= 0x7c00 && number(low + step) <= x) low += step;
    if (low === 0x7c00) return low;
    const [below, above] = [x - number(low), number(low + 1) - x];
    return below < above || (below === above && low % 2 === 0) ? low : low + 1;
  };
  const bits = fc.integer({ min: 0, max: 0xffff_ffff });
  const view = new DataView(new ArrayBuffer(4));
  const float = bits.map((b) => (view.setUint32(0, b), view.getFloat32(0)));
  // Most patterns are far beyond float16: also numbers within it, and half-way between two of its own.
  const within = fc.double({ min: -70_000, max: 70_000, noNaN: true }).map(Math.fround);
  const small = fc.double({ min: -2e-4, max: 2e-4, noNaN: true }).map(Math.fround);
  const between = fc.integer({ min: 0, max: 0x7bfe }).map((b) => (number(b) + number(b + 1)) / 2);
  fc.assert(
    fc.property(fc.oneof(float, within, small, between), (x) => {
      if (Number.isNaN(x)) expect(fromHalf(toHalf(x))).toBeNaN();
      else expect(toHalf(x)).toBe(nearest(Math.abs(x)) | (x < 0 || Object.is(x, -0) ? 0x8000 : 0));
    }),
    { numRuns: 20_000 },
  );
});
