/**
 * The joint objective in the paper's terms (He et al. 2021, section 3): f_y(x) is the logit of class y for a text x, E(x) the text's
 * energy, P_N the noise model, K the noise ratio and λ the energy's weight.
 */
import type { Tensor } from "../../graph/graph.ts";
import { add, logSumExp, maximumOfLast, mean, multiply, negate, softplus } from "../../graph/ops.ts";
import type { EnergyVariant } from "./variant.ts";

/**
 * The energy E(x) of each text (section 3.2): logits [rows, classes] give [rows].
 *
 * @param scalarHead Adds the head g(h(x)) to the graph, [rows]; only `scalar` has one.
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
 * The log-odds that a text is noise: ln P(noise | x) − ln P(data | x) = E(x) + ln K, where K noise texts come with each text of the data.
 * The model of a text is residual, P_θ(x) ∝ P_N(x) · exp(−E(x)), so P_N cancels from them (section 3.1). Shapes stay.
 */
export function noiseLogOdds(energy: Tensor, noiseRatio: number): Tensor;
export function noiseLogOdds(energy: number, noiseRatio: number): number;
export function noiseLogOdds(energy: Tensor | number, noiseRatio: number): Tensor | number {
  const logK = Math.log(noiseRatio);
  return typeof energy === "number" ? energy + logK : add(energy, logK);
}

/** −ln P(data | x), the mean over the data batch: energies [rows] give a scalar. */
export function dataTerm(energies: Tensor, noiseRatio: number): Tensor {
  return mean(softplus(noiseLogOdds(energies, noiseRatio)));
}

/** −ln P(noise | x), the sum over K noise batches, here side by side, of their means: [K · rows] give a scalar. */
export function noiseTerm(energies: Tensor, noiseRatio: number): Tensor {
  return multiply(mean(softplus(negate(noiseLogOdds(energies, noiseRatio)))), noiseRatio);
}

/** What the loss of noise-contrastive estimation is added to, and how. */
export interface JointLossOptions {
  /** K: noise texts for each text of the data. */
  readonly noiseRatio: number;
  /** λ: the weight of noise-contrastive estimation beside the classes' loss. */
  readonly energyWeight: number;
}

/** The joint loss, the classes' + λ · (data term + noise term), and the sum of these two terms; all scalars but the energies. */
export function jointLoss(
  classLoss: Tensor,
  { dataEnergy, noiseEnergy }: Readonly<Record<"dataEnergy" | "noiseEnergy", Tensor>>,
  { noiseRatio, energyWeight }: JointLossOptions,
): { readonly total: Tensor; readonly noiseContrast: Tensor } {
  const noiseContrast = add(dataTerm(dataEnergy, noiseRatio), noiseTerm(noiseEnergy, noiseRatio));
  return { total: add(classLoss, multiply(noiseContrast, energyWeight)), noiseContrast };
}
