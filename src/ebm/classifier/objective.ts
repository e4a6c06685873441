import type { Tensor } from "../../graph/graph.ts";
import { add, mean, multiply, negate, softplus, subtract } from "../../graph/ops.ts";

/**
 * Noise-contrastive estimation of the residual model P_θ(x) ∝ P_N(x)·exp(−E(x)) with K noise samples a text (paper, section
 * 3.1). The noise model's probability cancels, so a text is taken for data with the log-odds −E(x) − ln K.
 */

/** Mean over the data batch of softplus(E + ln K); energies [rows] give a scalar. */
export function dataTerm(energies: Tensor, noiseRatio: number): Tensor {
  return mean(softplus(add(energies, Math.log(noiseRatio))));
}

/** The sum over K noise batches, here side by side, of their means of softplus(−E − ln K); [K · rows] gives a scalar. */
export function noiseTerm(energies: Tensor, noiseRatio: number): Tensor {
  return multiply(mean(softplus(subtract(negate(energies), Math.log(noiseRatio)))), noiseRatio);
}
