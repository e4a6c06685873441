import type { DisjointSets } from "./disjoint_sets.ts";
import { areNear, leastCommon, sizeOf, type WordSets } from "./word_sets.ts";

/** So few candidates are sooner compared two by two than put into an index. */
const fewCandidates = 16;

/**
 * Unites the candidates whose Jaccard similarity is 0.8 or more. The search is exact; prefix and length
 * filters make it fast (Chaudhuri et al. 2006; Bayardo et al. 2007; Xiao et al. 2008).
 */
export function uniteNearSets(sets: WordSets, candidates: readonly number[], groups: DisjointSets): void {
  if (candidates.length > fewCandidates) return uniteByIndex(sets, candidates, groups);
  for (let one = 1; one < candidates.length; one++) {
    for (let other = 0; other < one; other++) {
      const [a, b] = [candidates[one], candidates[other]];
      if (!groups.together(a, b) && areNear(sets, a, b)) groups.unite(a, b);
    }
  }
}

/**
 * Words are ordered from the rarest on. Two similar sets must share one of their first few words, so only
 * those are indexed and looked up: of a set that is indexed, and that later ones are no smaller than, those
 * that a set of its own size would need; of one that is looked up, those that the smallest similar set would.
 */
function uniteByIndex(sets: WordSets, candidates: readonly number[], groups: DisjointSets): void {
  const counts = countWords(sets, candidates);
  // For each word its holders, in lists of which each is of one group.
  const holders = new Map<number, number[][]>();
  const bySize = candidates.toSorted((a, b) => sizeOf(sets, a) - sizeOf(sets, b) || a - b);
  for (const set of bySize) {
    const size = sizeOf(sets, set);
    const rarest = [...sets.words.subarray(sets.starts[set], sets.starts[set + 1])]
      .sort((a, b) => counts.get(a)! - counts.get(b)! || a - b);
    const lookedUp = size - Math.ceil(4 * size / 5) + 1;
    for (const word of rarest.slice(0, lookedUp)) {
      for (const members of holders.get(word) ?? []) {
        if (groups.together(members[0], set)) continue;
        if (members.some((member) => areNear(sets, member, set))) groups.unite(members[0], set);
      }
    }
    const indexed = size - leastCommon(size, size) + 1;
    for (const word of rarest.slice(0, indexed)) addHolder(holders, word, set, groups);
  }
}

/** Counts how many of the candidates hold each word. */
function countWords({ starts, words }: WordSets, candidates: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const set of candidates) {
    for (let at = starts[set]; at < starts[set + 1]; at++) {
      counts.set(words[at], (counts.get(words[at]) ?? 0) + 1);
    }
  }
  return counts;
}

/** Adds a set to a word's holders. Members of its own group are kept together, to be passed over at once. */
function addHolder(
  holders: Map<number, number[][]>,
  word: number,
  set: number,
  groups: DisjointSets,
): void {
  const lists = holders.get(word);
  if (!lists) {
    holders.set(word, [[set]]);
    return;
  }
  const own = lists.find(([member]) => groups.together(member, set));
  if (own) own.push(set);
  else lists.push([set]);
}
