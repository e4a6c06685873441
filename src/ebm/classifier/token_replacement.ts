import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Sequence } from "../../nn/sequence.ts";
import type { RandomStream } from "../../random.ts";

/** What can be replaced in a text, and by what. */
export interface ReplacementVocabulary {
  /** Ids that stand for words or parts of them, ascending. */
  readonly words: readonly number[];
  /** Ids that are never replaced: `[CLS]`, `[SEP]`, `[UNK]` and the like. */
  readonly special: ReadonlySet<number>;
}

const tokenizerSchema = z.looseObject({
  model: z.looseObject({ vocab: z.record(z.string(), z.int().nonnegative()) }),
  added_tokens: z.array(z.looseObject({ id: z.int().nonnegative(), special: z.boolean() })),
});

/** The vocabulary of a checkpoint's tokenizer without special tokens and without BERT's `[unused…]` places, which no text has. */
export async function readReplacementVocabulary(folder: string): Promise<ReplacementVocabulary> {
  const definition = JSON.parse(await readFile(join(folder, "tokenizer.json"), "utf8"));
  const { model, added_tokens } = tokenizerSchema.parse(definition);
  const special = new Set(added_tokens.filter((token) => token.special).map(({ id }) => id));
  const words = Object.entries(model.vocab)
    .filter(([token, id]) => !special.has(id) && !/^\[unused\d+\]$/.test(token))
    .map(([, id]) => id);
  return { words: words.sort((a, b) => a - b), special };
}

/**
 * Replaces each token that isn't special with probability `rate` (method.md §4), drawn uniformly from the whole vocabulary: the
 * authors' code adds 1 to 1000 to the id, which stays among its neighbours (§7). The length remains.
 */
export function replaceTokens(
  sequence: Sequence,
  rate: number,
  { words, special }: ReplacementVocabulary,
  random: RandomStream,
): Sequence {
  const ids = Array.from(
    sequence.ids,
    (id) => !special.has(id) && random.next() < rate ? words[random.integer(words.length)] : id,
  );
  return { ...sequence, ids };
}
