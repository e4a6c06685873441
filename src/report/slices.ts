import { topLabel } from "../calibration/metrics/top_label.ts";
import { softmax } from "../calibration/predictions/softmax.ts";
import type { Row } from "../data/rows.ts";
import { mean } from "../statistics.ts";
import type { FirstTraining } from "./first_trainings.ts";

/** How sure a classifier is of some texts, and how often it is right. */
export interface SureAndRight {
  readonly examples: number;
  readonly accuracy: number;
  /** The mean probability of the class that it chooses. */
  readonly confidence: number;
  /** Two standard deviations of the accuracy that a perfectly calibrated classifier as sure as this would have. */
  readonly chance: number;
}

/** What a training does on parts of dev2, as trained. Without texts in a part, accuracy and the like are null. */
export interface Slices {
  readonly variant: string;
  /** One for each class, in the classes' order. */
  readonly classes: readonly {
    readonly name: string;
    /** The number of texts of the class, and the share of them that are given it. */
    readonly texts: number;
    readonly found: number | null;
    /** The texts that are given the class. */
    readonly given: SureAndRight | null;
  }[];
  /** The texts by their length in characters, in four parts of about the same size, the shortest first. */
  readonly lengths: readonly ({
    readonly shortest: number;
    readonly longest: number;
  } & SureAndRight)[];
}

/** Measures a training on parts of dev2: by class, and by the length of the texts. */
export function slicesOf(
  { evaluation, dev2 }: FirstTraining,
  rows: readonly Row[],
  classes: readonly string[],
): Slices {
  const { labels, logits } = dev2;
  const { predicted, confidences, correct } = topLabel(softmax(logits, dev2.classes), labels, dev2.classes);
  const measure = (part: readonly number[]): SureAndRight => ({
    examples: part.length,
    accuracy: mean(part.map((row) => correct[row])),
    confidence: mean(part.map((row) => confidences[row])),
    chance: 2 * Math.sqrt(mean(part.map((row) => confidences[row] * (1 - confidences[row]))) / part.length),
  });
  const having = (isIn: (row: number) => boolean) => [...labels.keys()].filter(isIn);
  return {
    variant: evaluation.variant,
    classes: classes.map((name, index) => {
      const [own, given] = [
        having((row) => labels[row] === index),
        having((row) => predicted[row] === index),
      ];
      return {
        name,
        texts: own.length,
        found: own.length === 0 ? null : mean(own.map((row) => correct[row])),
        given: given.length === 0 ? null : measure(given),
      };
    }),
    lengths: quarters(rows.map(lengthOf)).map(({ shortest, longest, part }) => ({
      shortest,
      longest,
      ...measure(part),
    })),
  };
}

function lengthOf({ text, pair = "" }: Row): number {
  return [...text].length + [...pair].length;
}

/** Parts values at their quartiles; equal ones stay together, so that parts may differ in size, or be missing. */
function quarters(lengths: readonly number[]) {
  const sorted = lengths.toSorted((a, b) => a - b);
  const ends = [1, 2, 3, 4].map((quarter) => sorted[Math.ceil(quarter * sorted.length / 4) - 1]);
  return [...new Set(ends)].map((longest, index, all) => {
    const isIn = (length: number) => length <= longest && (index === 0 || length > all[index - 1]);
    return {
      shortest: sorted.find(isIn)!,
      longest,
      part: [...lengths.keys()].filter((row) => isIn(lengths[row])),
    };
  });
}
