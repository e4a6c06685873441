import type { Fetched } from "../runtime/session.ts";
import { mean, noiseAccuracy } from "./energy_figures.ts";
import type { Variant } from "./variant.ts";

/** What a training step of the classifier reports (paper, section 3.1), as plain numbers. */
export function stepFigures(fetched: Fetched, variant: Variant, noiseRatio: number) {
  const scalar = (name: string) => fetched.floats(name)[0];
  const common = { loss: scalar("loss"), gradientNorm: scalar("norm"), crossEntropy: scalar("crossEntropy") };
  if (variant === "baseline") return common;
  const [data, noise] = [fetched.floats("dataEnergy"), fetched.floats("noiseEnergy")];
  return {
    ...common,
    noiseContrast: scalar("noiseContrast"),
    dataEnergyMean: mean(data),
    dataEnergyMax: Math.max(...data),
    noiseEnergyMean: mean(noise),
    noiseEnergyMin: Math.min(...noise),
    noiseAccuracy: noiseAccuracy(data, noise, noiseRatio),
  };
}

/** The norm of each term's gradient before clipping. */
export function gradientNorms(fetched: Fetched, variant: Variant) {
  const crossEntropyNorm = fetched.floats("crossEntropy")[0];
  return variant === "baseline"
    ? { crossEntropyNorm }
    : { crossEntropyNorm, noiseContrastNorm: fetched.floats("noiseContrast")[0] };
}
