import { mean } from "../../statistics.ts";
import type { StepValues } from "./joint_steps.ts";
import { noiseAccuracy } from "./noise_accuracy.ts";

/**
 * What a training step of the classifier reports (paper, section 3.1), as plain numbers.
 *
 * @param terms of the loss, by name
 * @param noiseRatio K, where there is an energy
 */
export function stepFigures(values: StepValues, terms: readonly string[], noiseRatio: number | undefined) {
  const scalar = (name: string) => mean(values(name));
  const ofTerms = Object.fromEntries(terms.map((term) => [term, scalar(term)]));
  const common = { loss: scalar("loss"), gradientNorm: scalar("norm"), ...ofTerms };
  if (noiseRatio === undefined) return common;
  const [data, noise] = [values("dataEnergy"), values("noiseEnergy")];
  return {
    ...common,
    dataEnergyMean: mean(data),
    dataEnergyMax: Math.max(...data),
    noiseEnergyMean: mean(noise),
    noiseEnergyMin: Math.min(...noise),
    noiseAccuracy: noiseAccuracy(data, noise, noiseRatio),
  };
}

/** The norms of the terms' gradients before clipping, by their names in the log. */
export function normFigures(norms: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(norms).map(([term, norm]) => [`${term}Norm`, norm]));
}
