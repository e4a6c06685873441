import type { NoiseRow } from "./rows.ts";

/** Texts that are the same or nearly so. */
export interface DuplicateGroup<Item> {
  /** The least of the members' normalised texts: names the group whatever the order of its members. */
  readonly canonical: string;
  /** In the order of the input. */
  readonly members: readonly Item[];
}

/** The share of common words from which two texts count as near duplicates. */
const leastSimilarity = 0.8;

/** What separates words in the normalised text. */
const separator = " ";

/**
 * Groups rows whose words are the same or nearly so: the Jaccard similarity of their sets of words (of both texts of a
 * pair together) is 0.8 or more. Groups are the connected components: two members may resemble each other only through
 * a third. Exact, not approximate: by prefix and length filters (Chaudhuri et al. 2006; Bayardo et al. 2007).
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

/** A row's text or texts in lower case, compatibility forms resolved, words only; without any word it stays as it is. */
export function normalised({ text: first, pair }: Pick<NoiseRow, "text" | "pair">): string {
  const text = pair === undefined ? first : `${first} ${pair}`;
  const plain = text.normalize("NFKC").toLowerCase();
  return plain.match(/[\p{L}\p{M}\p{N}]+/gu)?.join(separator) ?? plain.trim();
}

/**
 * Unites the candidates whose sets of words are similar enough. Words are ordered from the rarest on: two similar
 * sets must then share one of their first few words, so only those are indexed and looked up.
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
  const holders = new Map<number, typeof sets>(); // a word's rank → the sets among whose first words it is
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

/** Each word's place when words are sorted by how many sets hold them. */
function rarityRanks(wordSets: readonly string[][]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of wordSets.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  const rarest = [...counts].sort(([a, countA], [b, countB]) => countA - countB || (a < b ? -1 : 1));
  return new Map(rarest.map(([word], rank) => [word, rank]));
}

/** The Jaccard similarity of two ascending lists: common items as a share of all. */
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

/** The representative of an item's group, with the path to it halved on the way. */
function root(parents: number[], item: number): number {
  while (parents[item] !== item) item = parents[item] = parents[parents[item]];
  return item;
}

function unite(parents: number[], a: number, b: number): void {
  const [first, second] = [root(parents, a), root(parents, b)];
  parents[Math.max(first, second)] = Math.min(first, second);
}
