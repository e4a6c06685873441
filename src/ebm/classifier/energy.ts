import type { Tensor } from "../../graph/graph.ts";
import { logSumExp, maximumOfLast, negate } from "../../graph/ops.ts";

/** `hidden`: E(x) = −ln Σ_y exp f_y(x). Logits [rows, classes] give [rows]. */
export function hiddenEnergy(logits: Tensor): Tensor {
  return negate(logSumExp(logits));
}

/** `sharp-hidden`: E(x) = −max_y f_y(x). Logits [rows, classes] give [rows]. */
export function sharpHiddenEnergy(logits: Tensor): Tensor {
  return negate(maximumOfLast(logits));
}
