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

/** What the classes are trained on. */
export type ClassLoss =
  | { readonly kind: "cross-entropy" }
  /** Cross-entropy against 1 − ε for the true class and ε spread over all classes alike (Szegedy et al. 2016). */
  | { readonly kind: "label-smoothing"; readonly smoothing: number }
  /** (1 − p)^γ times the cross-entropy, p being the true class's probability; γ is a whole number (Lin et al. 2017). */
  | { readonly kind: "focal"; readonly gamma: number }
  /** Cross-entropy + λ · the distance from empirical probabilities (Jung et al. 2020). */
  | { readonly kind: "poscal" } & PosCalOptions;

/** A loss with the terms that the log shows, all scalars, and what it is fed beside logits and labels. */
export interface ClassTerms {
  readonly total: Tensor;
  readonly terms: Readonly<Record<string, Tensor>>;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

/** The loss of a batch's classes, the mean over rows of logits [rows, classes] and labels [rows] (int32). */
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
