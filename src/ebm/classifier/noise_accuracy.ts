import { mean } from "../../statistics.ts";
import { noiseLogOdds } from "./objective.ts";

/**
 * Returns the balanced accuracy of the rule "E + ln K < 0 means real text", from 0 to 1: the mean of its
 * accuracies on data and on noise.
 */
export function noiseAccuracy(data: ArrayLike<number>, noise: ArrayLike<number>, noiseRatio: number): number {
  const share = (energies: ArrayLike<number>) =>
    mean(Array.from(energies, (energy) => noiseLogOdds(energy, noiseRatio) < 0 ? 1 : 0));
  return (share(data) + 1 - share(noise)) / 2;
}
