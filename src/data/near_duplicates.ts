import type { NoiseRow } from "./rows.ts";

/** A group of texts that are the same or nearly so. */
export interface DuplicateGroup<Item> {
  /** The member's normalised text that sorts first. It names the group whatever the order of its members. */
  readonly canonical: string;
  /** The members, in the order of the input. */
  readonly members: readonly Item[];
}

/** The share of common words from which on two texts count as near duplicates. */
const leastSimilarity = 0.8;

/** The separator between words of a normalised text. */
const separator = " ";

/**
 * Groups rows whose words are the same or nearly so: the Jaccard similarity of their sets of words (of both
 * texts of a pair together) is 0.8 or more. Groups are the connected components, so two members may resemble
 * each other only through a third. The search is exact; prefix and length filters make it fast (Chaudhuri et
 * al. 2006; Bayardo et al. 2007).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { duplicateGroups } from "./near_duplicates.ts";
 *
 * const texts = ["A fine film, well made!", "a fine film well made", "Dull."].map((text) => ({ text }));
 * const groups = duplicateGroups(texts);
 * assert.deepEqual(groups.map(({ members }) => members.length), [2, 1]);
 * ```
 */
export function duplicateGroups<Item extends Pick<NoiseRow, "text" | "pair">>(
  items: readonly Item[],
): DuplicateGroup<Item>[] {
  const texts = items.map(normalised);
  const wordSets = texts.map((text) => [...new Set(text.split(separator))]);
  const parents = items.map((_, index) => index);
  // Equal sets first: the search for near ones compares the representatives only.
  const representatives = new Map<string, number>();
  wordSets.forEach((words, index) => {
    const key = words.toSorted().join(separator);
    const first = representatives.get(key);
    if (first === undefined) representatives.set(key, index);
    else unite(parents, first, index);
  });
  uniteNearSets(wordSets, [...representatives.values()], parents);

  const groups = Map.groupBy(items.keys(), (index) => root(parents, index));
  return [...groups.values()].map((members) => ({
    canonical: members.map((index) => texts[index]).reduce((least, text) => text < least ? text : least),
    members: members.map((index) => items[index]),
  }));
}

/**
 * Normalises the text or texts of a row: lower case, compatibility forms resolved, and words only. A text
 * without any word stays as it is.
 */
export function normalised({ text: first, pair }: Pick<NoiseRow, "text" | "pair">): string {
  const text = pair === undefined ? first : `${first} ${pair}`;
  const plain = text.normalize("NFKC").toLowerCase();
  return plain.match(/[\p{L}\p{M}\p{N}]+/gu)?.join(separator) ?? plain.trim();
}

/**
 * Unites the candidates whose sets of words are similar enough. Words are ordered from the rarest on: two
 * similar sets must then share one of their first few words, so only those are indexed and looked up.
 */
function uniteNearSets(
  wordSets: readonly string[][],
  candidates: readonly number[],
  parents: number[],
): void {
  const ranks = rarityRanks(candidates.map((index) => wordSets[index]));
  const sets = candidates
    .map((index) => ({
      index,
      words: wordSets[index].map((word) => ranks.get(word) ?? 0).sort((a, b) => a - b),
    }))
    .sort((a, b) => a.words.length - b.words.length || a.index - b.index);
  const holders = new Map<number, typeof sets>(); // by the rank of one of their first words
  for (const set of sets) {
    const size = set.words.length;
    const smallest = Math.ceil(leastSimilarity * size);
    for (const word of set.words.slice(0, size - smallest + 1)) {
      const sharing = holders.get(word);
      if (!sharing) {
        holders.set(word, [set]);
        continue;
      }
      for (const other of sharing) {
        if (other.words.length < smallest || root(parents, other.index) === root(parents, set.index)) {
          continue;
        }
        if (similarity(other.words, set.words) >= leastSimilarity) unite(parents, other.index, set.index);
      }
      sharing.push(set);
    }
  }
}

/** Returns the rank of each word when words are sorted by how many sets hold them, the rarest first. */
function rarityRanks(wordSets: readonly string[][]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of wordSets.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  const rarest = [...counts].sort(([a, countA], [b, countB]) => countA - countB || (a < b ? -1 : 1));
  return new Map(rarest.map(([word], rank) => [word, rank]));
}

/** Computes the Jaccard similarity of two ascending lists: common items as a share of all. */
function similarity(a: readonly number[], b: readonly number[]): number {
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const difference = a[i] - b[j];
    if (difference === 0) common++;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  return common / (a.length + b.length - common);
}

/** Returns the representative of an item's group (union-find). The path to it is halved on the way. */
function root(parents: number[], item: number): number {
  while (parents[item] !== item) item = parents[item] = parents[parents[item]];
  return item;
}

function unite(parents: number[], a: number, b: number): void {
  const [first, second] = [root(parents, a), root(parents, b)];
  parents[Math.max(first, second)] = Math.min(first, second);
}
