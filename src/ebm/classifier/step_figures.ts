import { mean } from "../../statistics.ts";
import type { StepValues } from "./joint_steps.ts";
import { noiseAccuracy } from "./noise_accuracy.ts";

/**
 * Summarises a training step for the log: the loss, its terms and, where there is an energy, how well it
 * tells noise from data.
 *
 * @param terms The names of the loss's terms.
 * @param noiseRatio K; undefined where there is no energy.
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

/** Gives the norms of the terms' gradients before clipping their names in the log. */
export function normFigures(norms: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(norms).map(([term, norm]) => [`${term}Norm`, norm]));
}
