/** Fuzzing: every run tries other cases, from a seed that is printed; FUZZ_SEED=n tries those of n again. */
import fc from 'fast-check';

/** Cases of each family at the least. */
export const CASES = 5_000;

export const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
console.log(`FUZZ_SEED=${SEED}`);

/** Holds a property on many cases. What fails is shrunk, and reported with its path. */
export function fuzz<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void, cases = CASES): void {
  fc.assert(
    fc.property(arbitrary, (value) => holds(value)),
    { numRuns: cases, seed: SEED },
  );
}

/** Any number: ordinary ones, and those that break things. */
export const anyNumber = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, -1, 1, 2, 42, 2 ** 31, 2 ** 32 - 2, 2 ** 53, -(2 ** 53), 1e300),
);
