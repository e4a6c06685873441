/**
 * Returns the known name that a misspelt one most likely means, which is the one with the fewest edits
 * between them. Undefined where all are further away than a third of the name's length, or than one edit for
 * short names.
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

/** Returns a sentence that says what a misspelt name may mean, or that lists the known ones. */
export function suggestion(name: string, known: Iterable<string>): string {
  const names = [...known];
  const near = nearest(name, names);
  if (near) return `Did you mean "${near}"?`;
  return names.length > 0 ? `Known: ${names.join(", ")}.` : "None is known here.";
}

/**
 * Counts the edits in an optimal string alignment: insertions, deletions, replacements, swaps of two
 * neighbours.
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
