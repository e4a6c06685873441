import { sharesOf, type WrittenVotes } from "./votes.ts";

/** The predictions of a classifier for n labelled examples, in the examples' order. */
export interface Predictions {
  readonly ids: readonly string[];
  /** The true class of each example. [n] */
  readonly labels: Int32Array;
  /** Row by row: the logit of class c for example i is at i · classes + c. [n × classes] */
  readonly logits: Float64Array;
  readonly classes: number;
  /** The energy E(x) of each example, where the classifier has one. [n] */
  readonly energies?: Float64Array;
  /** The share of people who chose each class, where several people judged each example. [n × classes] */
  readonly votes?: Float64Array;
}

/** The predictions of a classifier for texts that nobody labelled. */
export type UnlabelledPredictions = Pick<Predictions, "ids" | "logits" | "classes" | "energies">;

/** A text's true class, and its votes where several people judged it. */
interface Labelled {
  readonly label: number;
  readonly votes?: WrittenVotes | undefined;
}

/**
 * Names a classifier's outputs by the texts that they are of, as float64.
 *
 * @param outputs Logits [texts × classes], and energies [texts]; no energies where the classifier has none.
 */
export function unlabelled(
  texts: readonly { readonly id: string }[],
  { logits, energies }: { readonly logits: ArrayLike<number>; readonly energies: ArrayLike<number> },
  classes: number,
): UnlabelledPredictions {
  return {
    ids: texts.map(({ id }) => id),
    logits: Float64Array.from(logits),
    classes,
    ...(energies.length > 0 ? { energies: Float64Array.from(energies) } : {}),
  };
}

/**
 * Adds the labels of the texts that were predicted, and their votes where all texts have votes on these
 * classes.
 */
export function withLabels(predictions: UnlabelledPredictions, texts: readonly Labelled[]): Predictions {
  const votes = texts.flatMap(({ votes }) => votes === undefined ? [] : sharesOf(votes));
  return {
    ...predictions,
    labels: Int32Array.from(texts, ({ label }) => label),
    ...(votes.length === texts.length * predictions.classes ? { votes: Float64Array.from(votes) } : {}),
  };
}
