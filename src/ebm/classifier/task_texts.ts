import { compactSequences } from "../../nn/compact_sequences.ts";
import type { Sequences } from "../../nn/sequence.ts";
import { type TaskVocabulary, taskVocabulary } from "../../nn/task_vocabulary.ts";
import type { Text } from "../../nn/text.ts";
import type { Tokenizer } from "../../nn/tokenizer.ts";
import type { ContrastSequence, LabelledSequence } from "./joint_batch.ts";

/** A text with its class, as an index into the data set's classes. */
export interface LabelledText extends Text {
  readonly label: number;
}

/** A noise text, with a class where it has one. */
type NoiseText = Text & { readonly label?: number | undefined };

/** The texts of a task, encoded in a vocabulary of the pieces that occur in any of them. */
export interface TaskTexts {
  readonly train: readonly LabelledSequence[];
  readonly tune: readonly LabelledSequence[];
  /** Empty where the variant has no energy. */
  readonly noise: Sequences<ContrastSequence>;
  readonly vocabulary: TaskVocabulary;
}

/**
 * Encodes the texts of a task, each cut to `maxTokens` tokens, its special tokens included. Noise may be
 * millions of texts, so it is read one by one, and only its tokens and labels are kept.
 *
 * @param more The ids of pieces that training needs beside those of the texts.
 */
export async function taskTexts(
  texts: {
    readonly train: readonly LabelledText[];
    readonly tune: readonly LabelledText[];
    readonly noise: Iterable<NoiseText> | AsyncIterable<NoiseText>;
  },
  tokenizer: Tokenizer,
  maxTokens: number,
  more: readonly number[] = [],
): Promise<TaskTexts> {
  const encode = ({ text, pair }: Text) => tokenizer.encode(text, pair, maxTokens);
  const labelled = (texts: readonly LabelledText[]) =>
    texts.map((text): LabelledSequence => ({ ...encode(text), label: text.label }));
  const [train, tune, noise] = [labelled(texts.train), labelled(texts.tune), compactSequences()];
  for await (const text of texts.noise) noise.append({ ...encode(text), label: text.label });
  const vocabulary = taskVocabulary(allOf(train, noise, tune, [{ ids: more }]));
  const { translate } = vocabulary;
  return {
    train: train.map(translate),
    tune: tune.map(translate),
    noise: { length: noise.length, at: (index) => translate(noise.at(index)) },
    vocabulary,
  };
}

function* allOf<Item>(...lists: readonly Iterable<Item>[]): Generator<Item> {
  for (const list of lists) yield* list;
}
