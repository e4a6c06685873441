/**
 * The joint objective in the paper's terms (He et al. 2021, section 3): f_y(x) is the logit of class y for a
 * text x, h(x) the encoder's state of its first token, E(x) its energy, P_N(x) its probability under the
 * noise model, K the noise ratio and λ the energy's weight.
 */
import type { Tensor } from "../../graph/graph.ts";
import { add, logSumExp, maximumOfLast, mean, multiply, negate, softplus } from "../../graph/ops.ts";
import type { EnergyVariant } from "./variant.ts";

/**
 * Adds the energy E(x) of each text to the graph (section 3.2): logits [rows, classes] give [rows]. It is low
 * where a text seems real.
 *
 * @param scalarHead Adds a second head g(h(x)) to the graph, [rows]. Only `scalar` has one.
 */
export function energy(variant: EnergyVariant, logits: Tensor, scalarHead: () => Tensor): Tensor {
  switch (variant) {
    case "scalar":
      return scalarHead(); // E(x) = g(h(x))
    case "hidden":
      return negate(logSumExp(logits)); // E(x) = −ln Σ_y exp f_y(x)
    case "sharp-hidden":
      return negate(maximumOfLast(logits)); // E(x) = −max_y f_y(x)
  }
}

/**
 * Returns the log-odds that a text is noise, ln P(noise | x) − ln P(data | x) = E(x) + ln K, where each text
 * of the data comes with K noise texts. The model of real text is residual, P_θ(x) ∝ P_N(x) · exp(−E(x)), so
 * P_N cancels (section 3.1). The result has the shape of the energies.
 */
export function noiseLogOdds(energy: Tensor, noiseRatio: number): Tensor;
export function noiseLogOdds(energy: number, noiseRatio: number): number;
export function noiseLogOdds(energy: Tensor | number, noiseRatio: number): Tensor | number {
  const logK = Math.log(noiseRatio);
  return typeof energy === "number" ? energy + logK : add(energy, logK);
}

/** The mean of −ln P(data | x) = softplus(E(x) + ln K) over the data batch: energies [rows] give a scalar. */
export function dataTerm(energies: Tensor, noiseRatio: number): Tensor {
  return mean(softplus(noiseLogOdds(energies, noiseRatio)));
}

/**
 * The sum over K noise batches of the means of −ln P(noise | x) = softplus(−E(x) − ln K): energies [K · rows]
 * give a scalar.
 */
export function noiseTerm(energies: Tensor, noiseRatio: number): Tensor {
  return multiply(mean(softplus(negate(noiseLogOdds(energies, noiseRatio)))), noiseRatio);
}

/** The constants of the joint loss. */
export interface JointLossOptions {
  /** K: noise texts for each text of the data. */
  readonly noiseRatio: number;
  /** λ: the weight of the noise-contrastive terms beside the classes' loss. */
  readonly energyWeight: number;
}

/**
 * Returns the joint loss, class loss + λ · (data term + noise term), and the sum of its two noise-contrastive
 * terms (section 3.1). The energies are [rows] and [K · rows]; everything else is a scalar.
 */
export function jointLoss(
  classLoss: Tensor,
  { dataEnergy, noiseEnergy }: Readonly<Record<"dataEnergy" | "noiseEnergy", Tensor>>,
  { noiseRatio, energyWeight }: JointLossOptions,
): { readonly total: Tensor; readonly noiseContrast: Tensor } {
  const noiseContrast = add(dataTerm(dataEnergy, noiseRatio), noiseTerm(noiseEnergy, noiseRatio));
  return { total: add(classLoss, multiply(noiseContrast, energyWeight)), noiseContrast };
}
