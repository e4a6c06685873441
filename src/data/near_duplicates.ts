import { buckets } from "./buckets.ts";
import { DisjointSets } from "./disjoint_sets.ts";
import { bandKeys } from "./min_hash.ts";
import { uniteNearSets } from "./near_sets.ts";
import type { NoiseRow } from "./rows.ts";
import { areEqual, mixed, type WordSets, wordSets } from "./word_sets.ts";

/** The texts of a row, which are all that duplicates are told by. */
type Texts = Pick<NoiseRow, "text" | "pair">;

/** The separator between words of a normalised text. */
const separator = " ";

/** Up to so many texts of different words, every two of them are compared. */
const exactUpTo = 50_000;

/** How the search for duplicates is done. */
export interface DuplicateSearch {
  /** Whether texts whose words are nearly the same count as duplicates; by default they do. */
  readonly near?: boolean;
  /** Up to how many texts of different words the search is exact; 50,000 unless given. */
  readonly exactUpTo?: number;
  /** Is called with the number of parts of a long search that are done and the number of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** The groups of rows that are duplicates. */
export interface DuplicateGroups {
  /** The index of the first row of each row's group. [rows] */
  readonly firsts: Int32Array;
  /** Whether every two rows were compared. If not, more than 99 % of near duplicates were found. */
  readonly isExact: boolean;
}

/**
 * Groups rows whose words are the same or nearly so: the Jaccard similarity of their sets of words (of both
 * texts of a pair together) is 0.8 or more. Groups are the connected components, so two members may resemble
 * each other only through a third.
 *
 * The search is exact for up to 50,000 different sets. Of more, only those are compared that share one of
 * the keys that {@link bandKeys} gives them, so its time grows little faster than the number of rows.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { duplicateGroups } from "./near_duplicates.ts";
 *
 * const texts = ["A fine film, well made!", "Dull.", "a fine film well made"].map((text) => ({ text }));
 * assert.deepEqual([...duplicateGroups(texts).firsts], [0, 1, 0]);
 * ```
 */
export function duplicateGroups(
  rows: Iterable<Texts> & { readonly length: number },
  search: DuplicateSearch = {},
): DuplicateGroups {
  const sets = wordSets(rows.length, wordsOf(rows));
  const groups = new DisjointSets(rows.length);
  const different = uniteEqualSets(sets, groups);
  const isExact = different.length <= (search.exactUpTo ?? exactUpTo);
  if (search.near ?? true) {
    if (isExact) uniteNearSets(sets, [...different], groups);
    else uniteSharingKeys(sets, different, groups, search.onProgress ?? (() => {}));
  }
  sets.words.buffer.transfer(0); // frees the largest array, which else waits for a collection that is rare
  return { firsts: groups.roots(), isExact };
}

function* wordsOf(rows: Iterable<Texts>): Generator<readonly string[]> {
  for (const row of rows) yield normalised(row).split(separator);
}

/**
 * Normalises the text or texts of a row: lower case, compatibility forms resolved, and words only. A text
 * without any word stays as it is.
 */
export function normalised({ text: first, pair }: Texts): string {
  const text = pair === undefined ? first : `${first} ${pair}`;
  const plain = text.normalize("NFKC").toLowerCase();
  return plain.match(/[\p{L}\p{M}\p{N}]+/gu)?.join(separator) ?? plain.trim();
}

/**
 * Returns the normalised text of rows that sorts first. It names their group whatever the order of the rows.
 */
export function canonicalText(rows: Iterable<Texts>): string {
  let least: string | undefined;
  for (const row of rows) {
    const text = normalised(row);
    if (least === undefined || text < least) least = text;
  }
  return least!;
}

/** Unites rows of the same set, and returns the first row of each set that differs from all others. */
function uniteEqualSets(sets: WordSets, groups: DisjointSets): Uint32Array {
  const { starts, words } = sets;
  const keys = new Uint32Array(starts.length - 1);
  for (let set = 0; set < keys.length; set++) {
    let key = 0;
    for (let at = starts[set]; at < starts[set + 1]; at++) key = mixed(key ^ words[at]);
    keys[set] = key;
  }
  for (const bucket of buckets(keys)) {
    const firsts: number[] = [];
    for (const set of bucket) {
      const first = firsts.find((first) => areEqual(sets, first, set));
      if (first === undefined) firsts.push(set);
      else groups.unite(first, set);
    }
  }
  let different = 0;
  for (let set = 0; set < keys.length; set++) if (groups.root(set) === set) keys[different++] = set;
  return keys.subarray(0, different); // the keys have served
}

/** Unites the sets that are near and share a key. */
function uniteSharingKeys(
  sets: WordSets,
  different: Uint32Array,
  groups: DisjointSets,
  onBand: (done: number, bands: number) => void,
): void {
  for (const keys of bandKeys(sets, different, onBand)) {
    for (const bucket of buckets(keys)) {
      const candidates = bucket.map((at) => different[at]);
      const first = candidates[0];
      if (candidates.every((candidate) => groups.together(candidate, first))) continue;
      uniteNearSets(sets, candidates, groups);
    }
  }
}
