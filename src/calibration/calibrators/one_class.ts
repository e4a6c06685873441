import type { OneClassParameters } from "./parameters.ts";

/** The task of telling one class from all others. */
export interface OneClass {
  /** The log-odds of the class, ln(p / (1 − p)). [n] */
  readonly logOdds: Float64Array;
  /** 1 where an example is of the class, else 0. [n] */
  readonly outcomes: Float64Array;
}

/** What one method fits to tell a class from all others. */
export type ParametersOfOneClass<Kind extends OneClassParameters["kind"]> = Extract<
  OneClassParameters,
  { readonly kind: Kind }
>;

/** A fitted calibrator of one class. */
export interface OneClassFit<Kind extends OneClassParameters = OneClassParameters> {
  readonly parameters: Kind;
  readonly summary: string;
  readonly note: string | undefined;
}

/** Returns ln p, given the log-odds ln(p / (1 − p)); it is exact for probabilities near 0 and near 1. */
export function logProbability(logOdds: number): number {
  return logOdds > 0 ? -Math.log1p(Math.exp(-logOdds)) : logOdds - Math.log1p(Math.exp(logOdds));
}
