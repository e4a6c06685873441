import { InputError } from "../errors.ts";

/**
 * The sets of words of many texts. They are numbers in a few arrays, because a set of strings for each of
 * millions of texts would fill the memory.
 */
export interface WordSets {
  /** Where each set begins in `words`, and at last where they end. [sets + 1] */
  readonly starts: Uint32Array;
  /** The words of the first set in ascending order, then those of the second, and so on. */
  readonly words: Uint32Array;
  /** A hash of each word's spelling. [vocabulary] */
  readonly hashes: Uint32Array;
}

/** A map can't hold many more. */
const mostWords = 16_000_000;

/**
 * Numbers the words of texts, in the order in which they first occur, and collects each text's set.
 *
 * @throws {InputError} where they have more than 16 million different words
 */
export function wordSets(count: number, wordsOf: (index: number) => readonly string[]): WordSets {
  const vocabulary = new Map<string, number>();
  const starts = new Uint32Array(count + 1);
  let words = new Uint32Array(1024);
  let end = 0;
  for (let index = 0; index < count; index++) {
    const numbers = new Set<number>();
    for (const word of wordsOf(index)) {
      let number = vocabulary.get(word);
      if (number === undefined) {
        if (vocabulary.size === mostWords) throw tooManyWords(index);
        vocabulary.set(word, number = vocabulary.size);
      }
      numbers.add(number);
    }
    if (end + numbers.size > words.length) {
      const larger = new Uint32Array(Math.max(2 * words.length, end + numbers.size));
      larger.set(words);
      words = larger;
    }
    words.set([...numbers], end);
    words.subarray(end, end + numbers.size).sort();
    end += numbers.size;
    starts[index + 1] = end;
  }
  return { starts, words: words.subarray(0, end), hashes: Uint32Array.from(vocabulary.keys(), hashOfWord) };
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

/** Hashes a word (FNV-1a over its UTF-16 code units). */
function hashOfWord(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return mixed(hash);
}
