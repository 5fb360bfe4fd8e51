/** float16 bits of numbers, rounded to nearest even as IEEE 754 says. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The float16 nearest to x, a float32, as 16 bits. Beyond 65504 it is infinite. */
export function toHalf(x: number): number {
  float[0] = x;
  const b = bits[0];
  const sign = (b >>> 16) & 0x8000;
  const magnitude = b & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // rounds to infinity
  if (magnitude < 0x38800000) return sign | roundEven(Math.abs(float[0]) * 2 ** 24); // subnormal: units of 2^-24
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

/** The number that 16 bits of float16 stand for. */
export function fromHalf(h: number): number {
  const sign = h & 0x8000 ? -1 : 1;
  const exponent = (h >>> 10) & 0x1f;
  const fraction = h & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function roundEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return floor + (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? 1 : 0);
}
