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
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2][j - 2] + 1 : Infinity;
      rows[i][j] = Math.min(replaced, swapped, rows[i - 1][j] + 1, rows[i][j - 1] + 1);
    }
  }
  return rows[a.length][b.length];
}
