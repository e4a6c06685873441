import { createHash } from "node:crypto";

/** A stream of random numbers. */
export interface RandomStream {
  /** Draws a number from [0, 1) uniformly, with 32 random bits. */
  next(): number;
  /** Draws one of the integers from 0 to `below` − 1 uniformly. */
  integer(below: number): number;
  /** Draws a number from the normal distribution with mean 0 and variance 1. */
  normal(): number;
  /** Shuffles an array in place, and returns it. */
  shuffle<Item>(array: Item[]): Item[];
}

/**
 * Starts the random stream of a name. The same seed and name always give the same stream, and any other gives
 * one that is independent of it. The generator is xoshiro128** (Blackman and Vigna 2021), and its state is
 * the SHA-256 of the seed and the name.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { randomStream } from "./random.ts";
 *
 * const [first, again, other] = ["order", "order", "dropout"].map((name) => randomStream(1, name));
 * const drawn = [first.integer(6), first.integer(6), first.integer(6)];
 * assert.deepEqual([again.integer(6), again.integer(6), again.integer(6)], drawn);
 * assert.notEqual(other.next(), randomStream(1, "order").next());
 * ```
 */
export function randomStream(seed: number, name: string): RandomStream {
  const digest = createHash("sha256").update(`${seed}/${name}`).digest();
  const s = new Uint32Array([0, 4, 8, 12].map((offset) => digest.readUInt32LE(offset)));
  const rotate = (x: number, k: number) => (x << k) | (x >>> (32 - k));
  const bits = () => {
    const result = Math.imul(rotate(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11);
    return result;
  };
  const next = () => bits() / 2 ** 32;
  const integer = (below: number) => {
    const limit = 2 ** 32 - (2 ** 32 % below);
    let draw = bits();
    while (draw >= limit) draw = bits();
    return draw % below;
  };
  return {
    next,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffle(array) {
      for (let index = array.length - 1; index > 0; index--) {
        const other = integer(index + 1);
        [array[index], array[other]] = [array[other], array[index]];
      }
      return array;
    },
  };
}
