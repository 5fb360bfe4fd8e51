/** Content hashes: what says the same has the same name. */
import * as v from 'valibot';

/** A content hash as text: 16 hexadecimal digits. */
export const contentId = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));

/**
 * The first 64 bits of the SHA-256 of some bytes (FIPS 180-4), as 16 hexadecimal digits: enough to tell contents apart and
 * to find damage, not to keep out somebody who wants two that agree.
 */
export async function contentHash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Browsers have it in pages that came over a safe connection only.
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  const digest = subtle
    ? new Uint8Array(await subtle.digest('SHA-256', bytes))
    : (await import('@noble/hashes/sha2.js')).sha256(bytes);
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
