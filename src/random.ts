import { createHash } from "node:crypto";

/** A stream of random numbers. */
export interface RandomStream {
  /** Uniform in [0, 1), with 32 random bits. */
  next(): number;
  /** Uniform among the integers from 0 to `below` − 1. */
  integer(below: number): number;
  /** Normal with mean 0 and variance 1. */
  normal(): number;
  /** Shuffles an array in place, and returns it. */
  shuffle<Item>(array: Item[]): Item[];
}

/** The stream of that name: xoshiro128** (Blackman and Vigna 2021) whose state is SHA-256 of the seed and the name. */
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
