/** The share of familiar texts that are called unfamiliar by mistake, at the most. */
export const falseAlarmRate = 0.01;

/** How a text's energy compares with those of texts like the training ones. */
export interface Familiarity {
  /** The share of the reference's energies that are at most as high. */
  readonly quantile: number;
  /** Whether hardly any of them is as high, so that the text is unlike those that the classifier knows. */
  readonly unfamiliar: boolean;
}

/**
 * Makes a function that tells how familiar texts are, by their energies. A text is unfamiliar if the share of
 * the reference with energies as high, itself counted in, is at most 1 % (a conformal p-value; Vovk et al.
 * 2005). A text that was drawn like the reference is called so with a probability of at most 1 %. Of a
 * reference with fewer than 99 texts no energy is high enough.
 *
 * @param reference The energies of texts like the training ones, on which nothing was trained. [n]
 */
export function familiarityAmong(reference: readonly number[]): (energy: number) => Familiarity {
  const sorted = Float64Array.from(reference).sort();
  return (energy) => {
    const below = countBelow(sorted, energy);
    const pValue = (sorted.length - below + 1) / (sorted.length + 1);
    return {
      quantile: countBelow(sorted, energy, true) / sorted.length,
      unfamiliar: pValue <= falseAlarmRate,
    };
  };
}

/** Counts the numbers of an ascending list that are below a value, or at most as high. */
function countBelow(sorted: Float64Array, value: number, orEqual = false): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value || (orEqual && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
