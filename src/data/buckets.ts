/**
 * Yields the indices that share a key, in ascending order, for each key that two or more share.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { buckets } from "./buckets.ts";
 *
 * assert.deepEqual([...buckets(Uint32Array.of(7, 3, 9, 3, 7, 3))], [[1, 3, 5], [0, 4]]);
 * ```
 */
export function* buckets(keys: Uint32Array): Generator<number[]> {
  // A key above an index makes one number of 64 bits (all supported processors are little-endian), and numbers are
  // sorted far faster than indices by what they point at.
  const pairs = new Uint32Array(2 * keys.length);
  for (let index = 0; index < keys.length; index++) {
    pairs[2 * index] = index;
    pairs[2 * index + 1] = keys[index];
  }
  new BigUint64Array(pairs.buffer).sort();
  for (let start = 0; start < keys.length;) {
    const key = pairs[2 * start + 1];
    let end = start + 1;
    while (end < keys.length && pairs[2 * end + 1] === key) end++;
    if (end - start > 1) yield Array.from({ length: end - start }, (_, at) => pairs[2 * (start + at)]);
    start = end;
  }
  pairs.buffer.transfer(0); // frees them, which else waits for a collection that is rare
}
