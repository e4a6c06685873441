import type { Sequence } from "../../nn/sequence.ts";
import type { TaskVocabulary } from "../../nn/task_vocabulary.ts";
import { readTokenizerFiles } from "../../nn/tokenizer_files.ts";
import { tokenizerSettings } from "../../nn/tokenizer_settings.ts";
import type { RandomStream } from "../../random.ts";

/** The tokens of a vocabulary that can replace others, and those that are never replaced. */
export interface ReplacementVocabulary {
  /** The ids of words and parts of words, ascending. */
  readonly words: readonly number[];
  /** The ids of `[CLS]`, `[SEP]`, `[UNK]` and the like. */
  readonly special: ReadonlySet<number>;
}

/**
 * Reads the vocabulary of a checkpoint's tokenizer. BERT's `[unused…]` places aren't words: no text holds
 * them.
 *
 * @throws {InputError} as `loadTokenizer` does
 */
export async function readReplacementVocabulary(folder: string): Promise<ReplacementVocabulary> {
  const { vocabulary, added } = tokenizerSettings(await readTokenizerFiles(folder));
  const special = new Set([...added.values()].filter((token) => token.special).map(({ id }) => id));
  const words = [...vocabulary]
    .filter(([token, id]) => !special.has(id) && !/^\[unused\d+\]$/.test(token))
    .map(([, id]) => id);
  return { words: words.sort((a, b) => a - b), special };
}

/** Returns the same tokens by the ids of a task's vocabulary, which has to hold all of the words. */
export function ofTask(
  { words, special }: ReplacementVocabulary,
  { ids, translate }: Pick<TaskVocabulary, "ids" | "translate">,
): ReplacementVocabulary {
  const own = (full: ArrayLike<number>) => Array.from(translate({ ids: full }).ids);
  return { words: own(words), special: new Set(own(ids.filter((id) => special.has(id)))) };
}

/**
 * Replaces each token that isn't special with probability `rate` by one drawn uniformly from all words. (The
 * authors' code adds 1 to 1000 to the id instead, which stays among its neighbours.) The length stays the
 * same.
 */
export function replaceTokens<Text extends Sequence>(
  sequence: Text,
  rate: number,
  { words, special }: ReplacementVocabulary,
  random: RandomStream,
): Text {
  const ids = Array.from(
    sequence.ids,
    (id) => !special.has(id) && random.next() < rate ? words[random.integer(words.length)] : id,
  );
  return { ...sequence, ids };
}
