import type { Tensor } from "../../graph/graph.ts";
import {
  add,
  cast,
  exponential,
  gather,
  keepAxis,
  logarithm,
  logSumExp,
  maximum,
  mean,
  multiply,
  negate,
  product,
  reshape,
  square,
  squareRoot,
  stopGradient,
  subtract,
  sum,
} from "../../graph/ops.ts";

/** The distances between predicted and empirical probabilities that there are. */
export const distances = ["mse", "kl", "rmse"] as const;

export interface PosCalOptions {
  /** λ: the weight of the distance beside cross-entropy. */
  readonly weight: number;
  readonly distance: typeof distances[number];
  /** The number of bins of equal width into which a class's probability is divided. */
  readonly bins: number;
}

/**
 * It keeps logarithms and roots away from 0, and is smaller than any share of texts or distance that matters.
 */
const tiny = 1e-12;

/**
 * Adds the distance of a batch's probabilities p from the empirical probabilities q of their bins to the
 * graph (Jung et al. 2020, section 3): the mean of (p − q)² over rows and classes (`mse`), its root (`rmse`),
 * or the mean over rows of Σ q · ln(q / p) (`kl`). No gradient flows through q. Where a bin is empty q is p
 * itself, which pulls nowhere; if `kl` left the class out instead, it would push the others up.
 *
 * @returns the distance, a scalar of logits [rows, classes], and as feeds the two columns of an
 * `EmpiricalTable`.
 */
export function posteriorDistance(
  logits: Tensor,
  { distance, bins }: PosCalOptions,
): { readonly distance: Tensor; readonly feeds: Readonly<Record<string, Tensor>> } {
  const classes = logits.shape[1] as number;
  const [shares, observed] = ["shares", "observed"].map((name) =>
    logits.graph.placeholder(name, "float32", [bins * classes])
  );
  const logP = subtract(logits, keepAxis(logSumExp(logits))); // [rows, classes]
  const p = exponential(logP);
  const cells = cellsOf(p, bins);
  const [share, known] = [shares, observed].map((column) => reshape(gather(column, cells), logits.shape));
  const q = add(share, stopGradient(multiply(p, add(negate(known), 1)))); // an empty bin's share is 0
  const feeds = { shares, observed };
  if (distance === "kl") {
    const logQ = stopGradient(logarithm(maximum(q, tiny)));
    return { distance: mean(sum(multiply(q, subtract(logQ, logP)), [-1])), feeds };
  }
  const meanSquare = mean(square(subtract(p, q)));
  return { distance: distance === "mse" ? meanSquare : squareRoot(add(meanSquare, tiny)), feeds };
}

/**
 * Finds the table's cell, [bins × classes], of each probability: [rows, classes] gives [rows · classes]
 * (int32).
 */
function cellsOf(p: Tensor, bins: number): Tensor {
  const [rows, classes] = p.shape as [Tensor["shape"][number], number];
  const bin = cast(negate(maximum(negate(multiply(p, bins)), 1 - bins)), "int32"); // 1 is in the last bin
  const ofClass = p.graph.constant(Array.from({ length: classes }, (_, label) => label), "int32");
  return reshape(add(multiply(bin, classes), ofClass), [product(rows, classes)]);
}
