/**
 * The pieces that a task's texts are made of. Tables of word embeddings are trained for these alone: the others would get no
 * gradient, and they make up most of a pretrained table.
 */
export interface TaskVocabulary {
  /** The full vocabulary's id of each piece, ascending. */
  readonly ids: Int32Array;
  /** Full ids as the task's; pieces outside become `unknown`. */
  translate(ids: ArrayLike<number>): Int32Array;
}

/** The vocabulary of some texts, given as the full vocabulary's ids, and of further ids that must be in it. */
export function taskVocabulary(
  texts: Iterable<ArrayLike<number>>,
  { also, unknown }: { readonly also: readonly number[]; readonly unknown: number },
): TaskVocabulary {
  const seen = new Set([...also, unknown]);
  for (const text of texts) {
    for (let index = 0; index < text.length; index++) seen.add(text[index]);
  }
  const ids = Int32Array.from(seen).sort();
  const position = new Map(Array.from(ids, (id, index) => [id, index]));
  const unknownPosition = position.get(unknown)!;
  return { ids, translate: (full) => Int32Array.from(full, (id) => position.get(id) ?? unknownPosition) };
}
