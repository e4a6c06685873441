/**
 * Returns the known name that a misspelt one most likely means: the one with the fewest edits, which may be
 * at most a third of the name's length (but one for short names). Returns undefined where none is that near.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestEdits = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < bestEdits) [best, bestEdits] = [candidate, edits];
  }
  return best;
}

/**
 * Returns a sentence that says what a misspelt name may mean, or else lists the known names.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { suggestion } from "./nearest.ts";
 *
 * const known = ["train", "evaluate"];
 * assert.equal(suggestion("evalaute", known), 'Did you mean "evaluate"?');
 * assert.equal(suggestion("plot", known), "Known: train, evaluate.");
 * ```
 */
export function suggestion(name: string, known: Iterable<string>): string {
  const names = [...known];
  const near = nearest(name, names);
  if (near) return `Did you mean "${near}"?`;
  return names.length > 0 ? `Known: ${names.join(", ")}.` : "None is known here.";
}

/**
 * Returns the optimal string alignment distance: the number of insertions, deletions, replacements and swaps
 * of two neighbours.
 */
function editDistance(a: string, b: string): number {
  const width = b.length + 1;
  const edits = new Uint32Array((a.length + 1) * width); // [characters of a, characters of b]
  const at = (i: number, j: number) => edits[i * width + j] ?? Infinity;
  for (let i = 0; i <= a.length; i++) {
    for (let j = 0; j <= b.length; j++) {
      if (i === 0 || j === 0) {
        edits[i * width + j] = i + j;
        continue;
      }
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? at(i - 2, j - 2) + 1 : Infinity;
      edits[i * width + j] = Math.min(replaced, swapped, at(i - 1, j) + 1, at(i, j - 1) + 1);
    }
  }
  return at(a.length, b.length);
}
