import type { LabelledLogits } from "../predictions/forecasts.ts";
import type { Temperature } from "./temperature.ts";

/** What fitting a calibrator gives. */
export interface Fitted {
  /**
   * Predictions with calibrated logits: logarithms of probabilities where the method gives probabilities, −∞ for a
   * probability of 0. All else stays as it is, energies too.
   */
  apply<Kind extends LabelledLogits>(predictions: Kind): Kind;
  /** What was fitted, in a few words: "T = 1.03". */
  readonly summary: string;
  /** What a reader must know of the fit: what the data didn't determine. */
  readonly note?: string;
  /** Where it is a temperature that was fitted. */
  readonly temperature?: Temperature;
}

/** A calibrator that makes new logits of old ones. @param notes those that don't apply are undefined */
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

/** A fitted parameter as a summary shows it. */
export function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
