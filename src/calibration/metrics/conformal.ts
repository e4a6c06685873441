import { type RandomStream, randomStream } from "../../random.ts";
import type { LabelledLogits } from "../predictions/forecasts.ts";
import { softmax } from "../predictions/softmax.ts";

/**
 * How the strangeness of a class is scored: as 1 minus its own probability (thr, Sadinle et al. 2019, also
 * called LAC), or as the probability that the likelier classes have together (aps, Romano et al. 2020).
 */
export type ConformalMethod = "thr" | "aps";

/** How prediction sets are made. */
export interface ConformalOptions {
  /** How often a set should hold the true class, above 0 and below 1; 0.9 by default. */
  readonly level?: number | undefined;
  /** Seed of the random numbers that aps draws; thr draws none. */
  readonly seed: number;
}

/** A set of classes for each example, and how often these sets were right. */
export interface ConformalSets {
  /** 1 where the class is in the example's set, else 0. [n × classes] */
  readonly members: Uint8Array;
  /** The number of classes in each set, which may be 0. [n] */
  readonly sizes: Int32Array;
  readonly meanSize: number;
  /** The share of examples whose set holds the true class; NaN where there are no examples. */
  readonly coverage: number;
  /** The same share among the examples of each class, of which the method promises nothing. [classes] */
  readonly coverageOfClasses: Float64Array;
  /** The largest score with which a class is in a set; infinite where dev1 had too few examples to tell. */
  readonly threshold: number;
}

/**
 * Makes prediction sets by split conformal prediction. A set holds the true class with a probability of at
 * least `level`, whatever the classifier, if the examples of both splits are exchangeable. This is promised
 * of the average over draws of both splits; given one dev1 of n examples, the coverage scatters by about
 * √(level · (1 − level) / n).
 *
 * The threshold is the ⌈(n + 1) · level⌉-th smallest score of dev1's true classes. Where that is more than n,
 * there are too few examples for the promise, and every set holds all classes.
 *
 * aps is the paper's randomised form, the only one whose coverage isn't larger than asked for: a class counts
 * with a random share of its own probability, which is drawn anew for each example. So a set can be empty,
 * and it depends on the example's place in its split.
 *
 * @example Sets that hold the true class nine times in ten
 * ```ts
 * import assert from "node:assert/strict";
 * import { conformalSets } from "./conformal.ts";
 *
 * // Nineteen examples of class 0, from a probability of 0.27 on, and two examples that get sets.
 * const logits = Array.from({ length: 19 }, (_, i) => [(i - 3) / 3, 0]);
 * const dev1 = { labels: new Int32Array(19), classes: 2, logits: Float64Array.from(logits.flat()) };
 * const dev2 = { labels: Int32Array.of(0, 1), classes: 2, logits: Float64Array.of(9, 0, 0.1, 0) };
 * const { members, coverage } = conformalSets("thr", dev1, dev2, { level: 0.9, seed: 1 });
 * assert.deepEqual([...members], [1, 0, 1, 1]); // a set of class 0 alone where it is sure, else of both
 * assert.equal(coverage, 1);
 * ```
 *
 * @param dev1 The examples from which the threshold is computed.
 * @param dev2 The examples that get sets; they have the same classes.
 */
export function conformalSets(
  method: ConformalMethod,
  dev1: LabelledLogits,
  dev2: LabelledLogits,
  { level = 0.9, seed }: ConformalOptions,
): ConformalSets {
  const { classes, labels } = dev2;
  const calibration = scores(method, dev1, randomStream(seed, "conformal calibration")); // [n₁ × classes]
  const ofTrueClasses = Float64Array.from(dev1.labels, (label, i) => calibration[i * classes + label]);
  const threshold = conformalQuantile(ofTrueClasses, level);
  const members = Uint8Array.from(
    scores(method, dev2, randomStream(seed, "conformal prediction")),
    (score) => score <= threshold ? 1 : 0,
  ); // [n × classes]
  const covered = Uint8Array.from(labels, (label, i) => members[i * classes + label]);
  const sizes = Int32Array.from(
    labels,
    (_, i) => sum(members.subarray(i * classes, (i + 1) * classes)),
  );
  return {
    members,
    sizes,
    meanSize: sum(sizes) / sizes.length,
    coverage: sum(covered) / covered.length,
    coverageOfClasses: meanOfClasses(covered, labels, classes),
    threshold,
  };
}

/** Returns the ⌈(n + 1) · level⌉-th smallest of n scores; infinity where there are not that many. */
export function conformalQuantile(values: Float64Array, level: number): number {
  // A rounding error is subtracted, because 100 · 0.55 is 55.00000000000001 in float64 and means 55.
  const place = Math.ceil((values.length + 1) * level - 1e-9);
  return values.toSorted()[place - 1] ?? Infinity;
}

/** Scores how strange each class of each example looks. [n × classes] */
function scores(
  method: ConformalMethod,
  { logits, classes }: LabelledLogits,
  random: RandomStream,
): Float64Array {
  const probabilities = softmax(logits, classes);
  if (method === "thr") return probabilities.map((probability) => 1 - probability);
  return adaptiveScores(probabilities, classes, random);
}

/**
 * Adds up the probability of all likelier classes and a share of the class's own; of equal classes the first
 * is likelier.
 */
function adaptiveScores(probabilities: Float64Array, classes: number, random: RandomStream): Float64Array {
  const result = new Float64Array(probabilities.length);
  for (let start = 0; start < probabilities.length; start += classes) {
    const share = random.next();
    const row = probabilities.subarray(start, start + classes);
    const likeliestFirst = Array.from(row.keys()).sort((a, b) => row[b] - row[a]);
    let likelier = 0;
    for (const c of likeliestFirst) {
      result[start + c] = likelier + share * row[c];
      likelier += row[c];
    }
  }
  return result;
}

function meanOfClasses(values: Uint8Array, labels: Int32Array, classes: number): Float64Array {
  const [total, count] = [new Float64Array(classes), new Float64Array(classes)];
  for (let i = 0; i < labels.length; i++) {
    total[labels[i]] += values[i];
    count[labels[i]]++;
  }
  return total.map((one, c) => one / count[c]);
}

function sum(values: Uint8Array | Int32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
