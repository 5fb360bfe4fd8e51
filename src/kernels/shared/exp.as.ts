import { Vector } from './vector.as';

// The constants are variables, and exported, so that no compiler folds them: V8 rebuilds a constant vector with three
// instructions at every use in a loop, and reads a variable with one.

/** 1.5·2²³: adding it rounds to an integer in the low bits. */
export let ROUND: v128 = f32x4.splat(12582912);
export let HIGHEST: v128 = f32x4.splat(88);
export let LOWEST: v128 = f32x4.splat(-86.5);
export let LOG2_E: v128 = f32x4.splat(1.44269504);
// ln 2 in two parts, the first of which has few digits: n·ln 2 is then exact where it matters.
export let LN2: v128 = f32x4.splat(0.693359375);
export let LN2_REST: v128 = f32x4.splat(-2.1219444e-4);
// eʳ = 1 + r + r²(P2 + P3 r + … + P7 r⁵) for |r| ≤ ½ ln 2 (Cephes, expf)
export let P2: v128 = f32x4.splat(0.5);
export let P3: v128 = f32x4.splat(1.66666655e-1);
export let P4: v128 = f32x4.splat(4.16657959e-2);
export let P5: v128 = f32x4.splat(8.33345191e-3);
export let P6: v128 = f32x4.splat(1.39819995e-3);
export let P7: v128 = f32x4.splat(1.98756915e-4);
export let ONE: v128 = f32x4.splat(1);

// GELU(x) = x·σ(2u), −2u = x·(SLOPE + CUBE x²), −2u′ = SLOPE + 3·CUBE x²: SLOPE = −2√(2/π), CUBE = 0.044715·SLOPE
export let SLOPE: v128 = f32x4.splat(-1.5957691216);
export let CUBE: v128 = f32x4.splat(-0.0713548163);
export let THREE_CUBES: v128 = f32x4.splat(-0.2140644488);

/** A class because AssemblyScript inlines on a decorator, and those need one. */
export class Exp {
  /** eˣ of four floats with a relative error below 2e-7; exactly 0 under −86.5, the largest value over 88. */
  @inline static of(x: v128): v128 {
    // pmin and pmax are one instruction each where min and max are several; x in front keeps not-a-number.
    const inRange = f32x4.pmax(f32x4.pmin(x, HIGHEST), LOWEST);
    const shifted = Vector.madd(inRange, LOG2_E, ROUND);
    const n = f32x4.sub(shifted, ROUND);
    const r = Vector.nmadd(n, LN2_REST, Vector.nmadd(n, LN2, inRange));
    // In pairs (Estrin): half as long a chain as Horner's, with as many operations.
    const r2 = f32x4.mul(r, r);
    const low = Vector.madd(P3, r, P2);
    const middle = Vector.madd(P5, r, P4);
    const high = Vector.madd(P7, r, P6);
    const p = Vector.madd(Vector.madd(high, r2, middle), r2, low);
    const e = Vector.madd(p, r2, f32x4.add(r, ONE));
    const scaled = i32x4.add(e, i32x4.shl(shifted, 23)); // times 2ⁿ
    return v128.andnot(scaled, f32x4.lt(x, LOWEST)); // not a number stays one
  }
}
