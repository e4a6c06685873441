/**
 * The joint objective in the paper's terms (He et al. 2021, section 3): f_y(x) is the logit of class y for a
 * text x, h(x) the encoder's state of its first token, E(x) its energy, P_N(x) its probability under the
 * noise model, K the noise ratio and λ the energy's weight.
 */
import type { Tensor } from "../../graph/graph.ts";
import {
  add,
  logSumExp,
  maximumOfLast,
  mean,
  multiply,
  negate,
  oneHot,
  softplus,
  sum,
} from "../../graph/ops.ts";
import type { EnergyVariant } from "./variant.ts";

/**
 * Adds the energy E(x) of each text to the graph (section 3.2): logits [rows, classes] give [rows]. It is low
 * where a text seems real. The negated forms are the authors' too: a text seems real where its logits are
 * small.
 *
 * @param scalarHead Adds a second head g(h(x)) to the graph, [rows]. Only `hasScalarHead` variants have one.
 */
export function energy(variant: EnergyVariant, logits: Tensor, scalarHead: () => Tensor): Tensor {
  switch (variant) {
    case "scalar":
      return scalarHead(); // E(x) = g(h(x))
    case "hidden":
      return negate(logSumExp(logits)); // E(x) = −ln Σ_y exp f_y(x)
    case "sharp-hidden":
    case "labelled": // of a text whose class isn't told: E(x) = E(x, argmax_y f_y(x))
    case "self-labelled-noise":
      return negate(maximumOfLast(logits)); // E(x) = −max_y f_y(x)
    case "negated-scalar":
      return negate(scalarHead()); // E(x) = −g(h(x))
    case "negated-hidden":
      return logSumExp(logits); // E(x) = ln Σ_y exp f_y(x)
    case "negated-sharp-hidden":
      return maximumOfLast(logits); // E(x) = max_y f_y(x)
  }
}

/**
 * Adds the energy E(x, y) = −f_y(x) of each text with its class to the graph: logits [rows, classes] and
 * labels [rows] (int32) give [rows]. In training, `labelled` has it of the data with their true classes and of
 * noise with the classes of the texts that it was made of; `self-labelled-noise` has it of the data alone, and
 * noise has the class that the classifier itself gives it, as any text does whose class isn't told.
 */
export function labelledEnergy(logits: Tensor, labels: Tensor): Tensor {
  const [, classes] = logits.shape as [unknown, number];
  return negate(sum(multiply(logits, oneHot(labels, classes)), [-1])); // E(x, y) = −f_y(x)
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
