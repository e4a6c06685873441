import type { Sequence } from "../../nn/sequence.ts";
import { type TaskVocabulary, taskVocabulary } from "../../nn/task_vocabulary.ts";
import type { Text } from "../../nn/text.ts";
import type { Tokenizer } from "../../nn/tokenizer.ts";
import type { LabelledSequence } from "./joint_batch.ts";

/** A text with its class, as an index into the data set's classes. */
export interface LabelledText extends Text {
  readonly label: number;
}

/** The texts of a task, encoded in a vocabulary of the pieces that occur in any of them. */
export interface TaskTexts {
  readonly train: readonly LabelledSequence[];
  readonly tune: readonly LabelledSequence[];
  /** Empty where the variant has no energy. */
  readonly noise: readonly Sequence[];
  readonly vocabulary: TaskVocabulary;
}

/** Encodes the texts of a task, each cut to `maxTokens` tokens, its special tokens included. */
export function taskTexts(
  texts: {
    readonly train: readonly LabelledText[];
    readonly tune: readonly LabelledText[];
    readonly noise: readonly Text[];
  },
  tokenizer: Tokenizer,
  maxTokens: number,
): TaskTexts {
  const encode = ({ text, pair }: Text) => tokenizer.encode(text, pair, maxTokens);
  const labelled = (texts: readonly LabelledText[]) =>
    texts.map((text): LabelledSequence => ({ ...encode(text), label: text.label }));
  const [train, tune, noise] = [labelled(texts.train), labelled(texts.tune), texts.noise.map(encode)];
  const vocabulary = taskVocabulary([...train, ...noise, ...tune]);
  const { translate } = vocabulary;
  return {
    train: train.map(translate),
    tune: tune.map(translate),
    noise: noise.map(translate),
    vocabulary,
  };
}
