import { CHUNK } from '../shared/matmul.as';

/** Texts of T positions that pass through a block together: about CHUNK rows. */
export function groupTexts(T: i32): i32 {
  return max(1, CHUNK / T);
}
