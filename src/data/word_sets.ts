import { InputError } from "../errors.ts";
import { copied } from "./copied.ts";

/**
 * The sets of words of many texts. They are numbers in a few arrays, because a set of strings for each of
 * millions of texts would fill the memory.
 */
export interface WordSets {
  /** Where each set begins in `words`, and at last where they end. [sets + 1] */
  readonly starts: Uint32Array;
  /** The words of the first set in ascending order, then those of the second, and so on. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** A hash of each word's spelling. [vocabulary] */
  readonly hashes: Uint32Array;
}

/** A map can't hold many more. */
const mostWords = 16_000_000;

/**
 * Numbers the words of texts, in the order in which they first occur, and collects each text's set.
 *
 * @param count the number of texts
 * @param texts the words of each text
 * @throws {InputError} where they have more than 16 million different words
 */
export function wordSets(count: number, texts: Iterable<readonly string[]>): WordSets {
  const vocabulary = new Map<string, number>();
  const starts = new Uint32Array(count + 1);
  let words = new Uint32Array(1024);
  let end = 0;
  let index = 0;
  for (const spelt of texts) {
    if (end + spelt.length > words.length) {
      // What isn't written yet of a new array takes no memory; `transfer` to a larger one would write all of it.
      const larger = new Uint32Array(Math.max(2 * words.length, end + spelt.length));
      larger.set(words);
      words.buffer.transfer(0); // frees it
      words = larger;
    }
    const start = end;
    for (const word of spelt) {
      let number = vocabulary.get(word);
      if (number === undefined) {
        if (vocabulary.size === mostWords) throw tooManyWords(index);
        vocabulary.set(copied(word), number = vocabulary.size);
      }
      words[end++] = number;
    }
    end = sortedOnce(words, start, end);
    starts[++index] = end;
  }
  return { starts, words: words.subarray(0, end), hashes: Uint32Array.from(vocabulary.keys(), hashOf) };
}

/** Sorts a part of an array and keeps each number once. Returns where it ends then. */
function sortedOnce(numbers: Uint32Array, start: number, end: number): number {
  numbers.subarray(start, end).sort();
  let kept = start;
  for (let at = start; at < end; at++) {
    if (at === start || numbers[at] !== numbers[kept - 1]) numbers[kept++] = numbers[at];
  }
  return kept;
}

function tooManyWords(texts: number): InputError {
  return new InputError({
    found: `more than ${mostWords} different words in ${texts} texts`,
    expected: "fewer",
    fix: "Give fewer rows, or texts without numbers and addresses that are all different.",
  });
}

/** Returns the number of words of a set. */
export function sizeOf({ starts }: WordSets, index: number): number {
  return starts[index + 1] - starts[index];
}

/** Tells whether two sets are the same. */
export function areEqual({ starts, words }: WordSets, a: number, b: number): boolean {
  const size = starts[a + 1] - starts[a];
  if (starts[b + 1] - starts[b] !== size) return false;
  for (let at = 0; at < size; at++) {
    if (words[starts[a] + at] !== words[starts[b] + at]) return false;
  }
  return true;
}

/**
 * Returns the fewest words that two sets of these sizes share if their Jaccard similarity is 0.8 or more. It
 * is computed with whole numbers: c / (a + b − c) ≥ 4 / 5 means that 9 c ≥ 4 (a + b).
 */
export function leastCommon(sizeA: number, sizeB: number): number {
  return Math.ceil(4 * (sizeA + sizeB) / 9);
}

/** Tells whether the Jaccard similarity of two sets, common words as a share of all, is 0.8 or more. */
export function areNear({ starts, words }: WordSets, a: number, b: number): boolean {
  let [i, j] = [starts[a], starts[b]];
  const [endA, endB] = [starts[a + 1], starts[b + 1]];
  const needed = leastCommon(endA - i, endB - j);
  // Each step without a common word uses up one that the larger or the smaller set has to spare.
  let [spareA, spareB] = [endA - i - needed, endB - j - needed];
  while (spareA >= 0 && spareB >= 0) {
    if (i === endA || j === endB) return true;
    const difference = words[i] - words[j];
    if (difference <= 0) i++;
    if (difference >= 0) j++;
    if (difference < 0) spareA--;
    if (difference > 0) spareB--;
  }
  return false;
}

/** Mixes the bits of a number well (the finalizer of MurmurHash3). */
export function mixed(bits: number): number {
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Hashes a text to 32 bits (FNV-1a over its UTF-16 code units, mixed). */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mixed(hash);
}
