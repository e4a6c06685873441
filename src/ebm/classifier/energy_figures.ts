/**
 * How well the energy tells data from noise: the share of texts on the right side of E + ln K < 0, data and noise weighing the
 * same.
 */
export function noiseAccuracy(data: ArrayLike<number>, noise: ArrayLike<number>, noiseRatio: number): number {
  const share = (energies: ArrayLike<number>) =>
    mean(Array.from(energies, (energy) => energy + Math.log(noiseRatio) < 0 ? 1 : 0));
  return (share(data) + 1 - share(noise)) / 2;
}

/** The mean of some numbers. */
export function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0) / values.length;
}

/** The standard deviation of some numbers, as of all there are. */
export function standardDeviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  return Math.sqrt(mean(Array.from(values, (value) => (value - centre) ** 2)));
}
