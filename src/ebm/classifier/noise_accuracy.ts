import { mean } from "../../statistics.ts";
import { noiseLogOdds } from "./objective.ts";

/** Balanced accuracy of the rule "E + ln K < 0 means real text": data and noise weigh the same, whatever their numbers. */
export function noiseAccuracy(data: ArrayLike<number>, noise: ArrayLike<number>, noiseRatio: number): number {
  const share = (energies: ArrayLike<number>) =>
    mean(Array.from(energies, (energy) => noiseLogOdds(energy, noiseRatio) < 0 ? 1 : 0));
  return (share(data) + 1 - share(noise)) / 2;
}
