import type { Tensor } from "../../graph/graph.ts";
import {
  add,
  exponential,
  logSumExp,
  mean,
  multiply,
  negate,
  softmaxCrossEntropy,
  subtract,
} from "../../graph/ops.ts";
import { type PosCalOptions, posteriorDistance } from "./posterior_distance.ts";

/** The loss that teaches the classes, whatever the energy is trained on. */
export type ClassLoss =
  | { readonly kind: "cross-entropy" }
  /**
   * Cross-entropy whose target is 1 − ε for the true class plus ε spread evenly over all classes (Szegedy et
   * al. 2016).
   */
  | { readonly kind: "label-smoothing"; readonly smoothing: number }
  /**
   * Cross-entropy times (1 − p)^γ, where p is the true class's probability and γ a whole number (Lin et al.
   * 2017).
   */
  | { readonly kind: "focal"; readonly gamma: number }
  /**
   * Cross-entropy + λ · the distance from empirical probabilities: posterior calibrated training (Jung et al.
   * 2020).
   */
  | { readonly kind: "poscal" } & PosCalOptions;

/**
 * A loss in the graph: the scalar itself, its terms for the log, and the placeholders it needs beside logits
 * and labels.
 */
export interface ClassTerms {
  readonly total: Tensor;
  readonly terms: Readonly<Record<string, Tensor>>;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

/**
 * Adds the classes' loss of a batch to the graph, a mean over rows: logits [rows, classes], labels [rows]
 * (int32).
 */
export function classLoss(logits: Tensor, labels: Tensor, loss: ClassLoss): ClassTerms {
  const losses = softmaxCrossEntropy(logits, labels); // [rows]
  const crossEntropy = mean(losses);
  switch (loss.kind) {
    case "cross-entropy":
      return { total: crossEntropy, terms: { crossEntropy }, feeds: {} };
    case "label-smoothing": {
      const toAllClasses = mean(subtract(logSumExp(logits), mean(logits, [-1])));
      const total = add(multiply(crossEntropy, 1 - loss.smoothing), multiply(toAllClasses, loss.smoothing));
      return { total, terms: { crossEntropy, toAllClasses }, feeds: {} };
    }
    case "focal": {
      const doubt = add(negate(exponential(negate(losses))), 1); // 1 − p
      const total = mean(Array.from({ length: loss.gamma }, () => doubt).reduce(multiply, losses));
      return { total, terms: { crossEntropy, focal: total }, feeds: {} };
    }
    case "poscal": {
      const { distance, feeds } = posteriorDistance(logits, loss);
      const terms = { crossEntropy, calibration: distance };
      return { total: add(crossEntropy, multiply(distance, loss.weight)), terms, feeds };
    }
  }
}
