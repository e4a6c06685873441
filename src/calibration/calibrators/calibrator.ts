import { z } from "zod";
import { InputError } from "../../errors.ts";
import type { LabelledLogits } from "../predictions/forecasts.ts";
import { applyAffine } from "./affine_scaling.ts";
import type { Fitted } from "./fitted.ts";
import { applyOneVersusRest } from "./one_versus_rest.ts";
import { type Parameters, parametersSchema } from "./parameters.ts";
import { applyTemperature, type Temperature } from "./temperature.ts";

/** The names of all post-hoc calibrators. */
export const calibratorNames = [
  "temperature",
  "temperature-grid",
  "vector",
  "matrix",
  "dirichlet",
  "platt",
  "isotonic",
  "histogram",
  "platt-binner",
  "beta",
] as const;

/** The name of a post-hoc calibrator. */
export type CalibratorName = typeof calibratorNames[number];

/** A fitted calibrator as data. */
export interface SavedCalibrator {
  name: CalibratorName;
  classes: number;
  parameters: Parameters;
  summary: string;
  note?: string | undefined;
}

/** The schema of a fitted calibrator that is kept in a file. */
export const savedCalibratorSchema: z.ZodType<SavedCalibrator> = z.strictObject({
  name: z.enum(calibratorNames),
  classes: z.int().min(2),
  parameters: parametersSchema,
  summary: z.string(),
  note: z.string().optional(),
}).refine(({ classes, parameters }) => fits(parameters, classes), {
  error: "as many parameters as the classes need",
  path: ["parameters"],
});

/** A fitted calibrator, with its name. */
export interface Calibrator extends Fitted {
  readonly name: CalibratorName;
  readonly classes: number;
  /** The temperature, where that is what was fitted. */
  readonly temperature?: Temperature;
  /**
   * Returns predictions with calibrated logits. Where the method gives probabilities, these are their
   * logarithms, −∞ for a probability of 0. All else stays as it is, energies too.
   *
   * @throws {InputError} where predictions are of another number of classes or so much larger than those that
   * it was fitted on that they overflow.
   */
  apply<Kind extends LabelledLogits>(predictions: Kind): Kind;
}

/** Makes a calibrator of what was fitted. */
export function calibratorOf({ name, classes, parameters, summary, note }: SavedCalibrator): Calibrator {
  return {
    name,
    classes,
    parameters,
    summary,
    ...(note === undefined ? {} : { note }),
    ...(parameters.kind === "temperature"
      ? { temperature: { value: parameters.value, atBound: parameters.atBound } }
      : {}),
    apply: (predictions) => {
      if (predictions.classes !== classes) {
        const fittedOn = `${classes}, as the calibrator was fitted on`;
        throw new InputError({ found: `predictions of ${predictions.classes} classes`, expected: fittedOn });
      }
      const logits = applied(parameters, predictions);
      if (logits.every((logit) => logit < Infinity)) return { ...predictions, logits };
      throw new InputError({
        found: "logits that are too large for float64 once they are calibrated",
        expected: "logits of about the size of those on which the calibrator was fitted",
        fix: "Fit the calibrator on predictions of the same classifier.",
      });
    },
  };
}

/** Returns the part of a calibrator that a file keeps. */
export function savedCalibrator(
  { name, classes, parameters, summary, note }: Calibrator,
): SavedCalibrator {
  return { name, classes, parameters, summary, note };
}

function applied(parameters: Parameters, predictions: LabelledLogits): Float64Array {
  switch (parameters.kind) {
    case "temperature":
      return applyTemperature(predictions, parameters.value).logits;
    case "affine":
      return applyAffine(parameters, predictions);
    case "one-versus-rest":
      return applyOneVersusRest(parameters, predictions);
  }
}

/** Whether there are as many parameters as the classes need. */
function fits(parameters: Parameters, classes: number): boolean {
  switch (parameters.kind) {
    case "temperature":
      return true;
    case "affine":
      return parameters.values.length === (parameters.map === "vector" ? 2 : classes + 1) * classes;
    case "one-versus-rest":
      return parameters.fits.length === (classes === 2 ? 1 : classes) && parameters.fits.every((fit) => {
        if ("uppers" in fit) return fit.uppers.length === fit.values.length;
        return !("places" in fit) || fit.places.length === fit.values.length;
      });
  }
}
