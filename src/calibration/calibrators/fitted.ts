import type { LabelledLogits } from "../predictions/forecasts.ts";
import type { Temperature } from "./temperature.ts";

/** A fitted calibrator. */
export interface Fitted {
  /**
   * Returns predictions with calibrated logits. Where the method gives probabilities, these are their
   * logarithms, −∞ for a probability of 0. All else stays as it is, energies too.
   */
  apply<Kind extends LabelledLogits>(predictions: Kind): Kind;
  /** The fitted parameters in a few words, such as "T = 1.03". */
  readonly summary: string;
  /** A note on what the data didn't determine. */
  readonly note?: string;
  /** The temperature, where that is what was fitted. */
  readonly temperature?: Temperature;
}

/** Makes a calibrator of a function from old logits to new ones; notes that are undefined are left out. */
export function fitted(
  logitsOf: (predictions: LabelledLogits) => Float64Array,
  summary: string,
  ...notes: readonly (string | undefined)[]
): Fitted {
  const said = notes.filter((one) => one !== undefined);
  return {
    apply: (predictions) => ({ ...predictions, logits: logitsOf(predictions) }),
    summary,
    ...(said.length > 0 ? { note: said.join("; ") } : {}),
  };
}

/** Formats a fitted parameter for a summary. */
export function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
