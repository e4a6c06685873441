import { type Tensor, withGradient } from "../graph.ts";
import { add, cast, logarithm, maximum, multiply, negate, subtract } from "./arithmetic.ts";
import { keepAxis, reshape } from "./layout.ts";
import { pick, replaceAt } from "./lookup.ts";
import { matmul } from "./matrix.ts";
import { softmax } from "./normalization.ts";

/**
 * Computes the cross-entropy −ln softmax(logits)[label] of each row: logits [rows, classes] and labels [rows]
 * (int32) give [rows].
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  const { outputs: [losses, slope] } = logits.graph.operation(
    "SparseSoftmaxCrossEntropyWithLogits",
    [logits, labels],
    {
      attributes: { T: "float32", Tlabels: "int32" },
      outputs: [{ dtype: "float32", shape: [logits.shape[0]] }, { dtype: "float32", shape: logits.shape }],
    },
  );
  return withGradient(losses, [logits], (upstream) => [() => multiply(slope, keepAxis(upstream))]);
}

/** The smallest normal float32. A likelihood below it would lose digits, and its logarithm could be −∞. */
const smallest = 2 ** -126;

/**
 * Computes the cross-entropy −ln softmax(hidden · tableᵀ + bias)[label] of each row over a whole vocabulary:
 * hidden [rows, size], table [classes, size], labels [rows] (int32) and, where there is one, bias [classes]
 * give [rows]. A loss above 87 is given as 87, because its probability is too small for a float32; its
 * gradient stays as it is.
 *
 * A language model's step spends most of its time on tensors of [rows, classes], so the gradient avoids
 * passes over them. The weight of a row's loss multiplies the narrow factors of the products. The slope is
 * the rounded softmax with "softmax − 1" put in at the label; that difference is rounded by itself, because
 * at a likely label it is small and would be lost otherwise.
 */
export function vocabularyCrossEntropy(hidden: Tensor, table: Tensor, labels: Tensor, bias?: Tensor): Tensor {
  const { graph } = hidden;
  const products = matmul(hidden, table, { transposeB: true });
  const probabilities = softmax(bias ? add(products, bias) : products); // [rows, classes]
  const likelihoods = pick(probabilities, labels);
  const losses = negate(logarithm(maximum(likelihoods, smallest)));
  return withGradient(losses, [hidden, table, ...(bias ? [bias] : [])], (upstream) => {
    const rounded = cast(probabilities, graph.precision);
    const slope = replaceAt(rounded, labels, cast(subtract(likelihoods, 1), graph.precision));
    const weights = keepAxis(upstream); // [rows, 1]
    return [
      () => multiply(matmul(slope, table), weights),
      () => matmul(slope, multiply(hidden, weights), { transposeA: true }),
      () => reshape(matmul(slope, weights, { transposeA: true }), [table.shape[0]]),
    ];
  });
}
