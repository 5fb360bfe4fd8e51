/**
 * Ten times what the ordinary build of the kernels, which records, and the relaxed one, which the page runs, were measured to
 * differ by: 1.0e-5 nats of log π, 0.7e-5 of a score, the most of 12,000 responses.
 */
const ROUNDING = 1e-4;

/** True where two scores, or two log probabilities, are one number rounded differently: no figure shows it. */
export const isSame = (a: number, b: number): boolean => Math.abs(a - b) <= ROUNDING;
