import type { Fetched } from "../runtime/session.ts";
import { mean, noiseAccuracy } from "./energy_figures.ts";

/**
 * What a training step of the classifier reports (paper, section 3.1), as plain numbers.
 *
 * @param terms of the loss, by name
 * @param noiseRatio K, where there is an energy
 */
export function stepFigures(fetched: Fetched, terms: readonly string[], noiseRatio: number | undefined) {
  const scalar = (name: string) => fetched.floats(name)[0];
  const ofTerms = Object.fromEntries(terms.map((term) => [term, scalar(term)]));
  const common = { loss: scalar("loss"), gradientNorm: scalar("norm"), ...ofTerms };
  if (noiseRatio === undefined) return common;
  const [data, noise] = [fetched.floats("dataEnergy"), fetched.floats("noiseEnergy")];
  return {
    ...common,
    dataEnergyMean: mean(data),
    dataEnergyMax: Math.max(...data),
    noiseEnergyMean: mean(noise),
    noiseEnergyMin: Math.min(...noise),
    noiseAccuracy: noiseAccuracy(data, noise, noiseRatio),
  };
}

/** The norm of each term's gradient before clipping. */
export function gradientNorms(fetched: Fetched, terms: readonly string[]) {
  return Object.fromEntries(terms.map((term) => [`${term}Norm`, fetched.floats(term)[0]]));
}
