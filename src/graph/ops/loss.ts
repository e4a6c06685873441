import { type Tensor, withGradient } from "../graph.ts";
import { multiply } from "./arithmetic.ts";
import { keepAxis } from "./reduction.ts";

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
