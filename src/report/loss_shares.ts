import type { TrainingCurve } from "./training_curve.ts";

/** The share of a loss's second term in the norms of both terms' weighted gradients, by step. */
export interface TermShares {
  /** The term's name in the log. */
  readonly name: string;
  readonly shares: readonly { readonly step: number; readonly share: number }[];
}

/** The terms that are added to the cross-entropy with a weight. */
const weighted = ["noiseContrast", "calibration"];

/**
 * Returns the shares of the term that is added to the cross-entropy; undefined where the loss has none, or it
 * counts for nothing. The log has no weights: the term's is what the loss is above the cross-entropy, for each
 * unit of the term.
 */
export function weightedTerm(points: TrainingCurve): TermShares | undefined {
  const name = weighted.find((term) => points.length > 0 && term in points[0]);
  if (!name) return undefined;
  const total = (of: (point: TrainingCurve[number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0);
  const weight = total(({ loss, crossEntropy }) => loss - crossEntropy) / total((point) => point[name]);
  if (!Number.isFinite(weight)) return undefined;
  const shares = points.flatMap(({ step, [`${name}Norm`]: norm, crossEntropyNorm }) => {
    const own = weight * norm;
    const share = own / (own + crossEntropyNorm);
    return Number.isFinite(share) ? [{ step, share }] : [];
  });
  return { name, shares };
}
