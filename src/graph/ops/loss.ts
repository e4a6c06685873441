import { type Tensor, withGradient } from "../graph.ts";
import { add, cast, logarithm, maximum, multiply, negate, subtract } from "./arithmetic.ts";
import { keepAxis, reshape } from "./layout.ts";
import { pick, replaceAt } from "./lookup.ts";
import { matmul } from "./matrix.ts";
import { softmax } from "./normalization.ts";

/** −ln softmax(logits)[label] for each row: logits [rows, classes] and labels [rows] (int32) give [rows]. */
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

/** The smallest float32 that isn't denormal. */
const smallest = 2 ** -126;

/**
 * −ln softmax(hidden · tableᵀ + bias)[label] for each row, of as many classes as a vocabulary has: hidden [rows, size], table
 * [classes, size], labels [rows] (int32) and bias [classes], if there is one, give [rows]. A loss above 87, where the probability
 * is no float32 any more, is 87; its gradient stays what it is.
 *
 * The tensors of [rows, classes] are what a language model's step spends most on. So the weight that a row's loss has goes to the
 * narrow factors of the gradient's products, and softmax − 1 at the label takes the softmax's place there once that is rounded: of a
 * likely label little is left, which has to be rounded by itself.
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
