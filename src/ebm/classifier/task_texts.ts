import { type TaskVocabulary, taskVocabulary } from "../../nn/task_vocabulary.ts";
import type { Text } from "../../nn/text.ts";
import type { Tokenizer } from "../../nn/tokenizer.ts";
import type { ContrastSequence, LabelledSequence } from "./joint_batch.ts";

/** A text with its class, as an index into the data set's classes. */
export interface LabelledText extends Text {
  readonly label: number;
}

/** The texts of a task, encoded in a vocabulary of the pieces that occur in any of them. */
export interface TaskTexts {
  readonly train: readonly LabelledSequence[];
  readonly tune: readonly LabelledSequence[];
  /** Empty where the variant has no energy. */
  readonly noise: readonly ContrastSequence[];
  readonly vocabulary: TaskVocabulary;
}

/**
 * Encodes the texts of a task, each cut to `maxTokens` tokens, its special tokens included.
 *
 * @param more The ids of pieces that training needs beside those of the texts.
 */
export function taskTexts(
  texts: {
    readonly train: readonly LabelledText[];
    readonly tune: readonly LabelledText[];
    readonly noise: readonly (Text & { readonly label?: number | undefined })[];
  },
  tokenizer: Tokenizer,
  maxTokens: number,
  more: readonly number[] = [],
): TaskTexts {
  const encode = <Label extends number | undefined>(
    { text, pair, label }: Text & { readonly label?: Label },
  ) => ({ ...tokenizer.encode(text, pair, maxTokens), label: label as Label });
  const [train, tune] = [texts.train, texts.tune].map((rows) => rows.map(encode<number>));
  const noise = texts.noise.map(encode<number | undefined>);
  const vocabulary = taskVocabulary([...train, ...noise, ...tune, { ids: more }]);
  const { translate } = vocabulary;
  return {
    train: train.map(translate),
    tune: tune.map(translate),
    noise: noise.map(translate),
    vocabulary,
  };
}
