import { InputError } from "../../errors.ts";
import type { LabelledLogits } from "../predictions/forecasts.ts";
import { type Calibrator, type CalibratorName, calibratorOf } from "./calibrator.ts";
import { fitDirichlet, fitMatrixScaling, fitVectorScaling } from "./affine_scaling.ts";
import type { Fitted } from "./fitted.ts";
import { fitBeta, fitPlatt } from "./logistic_calibration.ts";
import { fitOneVersusRest } from "./one_versus_rest.ts";
import { fitHistogram, fitIsotonic, fitPlattBinner } from "./step_calibration.ts";
import { fitTemperatureGrid, fitTemperatureScaling } from "./temperature_scaling.ts";

const methods: Readonly<Record<CalibratorName, (dev1: LabelledLogits) => Fitted>> = {
  temperature: fitTemperatureScaling,
  "temperature-grid": fitTemperatureGrid,
  vector: fitVectorScaling,
  matrix: fitMatrixScaling,
  dirichlet: fitDirichlet,
  platt: (dev1) => fitOneVersusRest(dev1, fitPlatt),
  isotonic: (dev1) => fitOneVersusRest(dev1, fitIsotonic),
  histogram: (dev1) => fitOneVersusRest(dev1, fitHistogram),
  "platt-binner": (dev1) => fitOneVersusRest(dev1, fitPlattBinner),
  beta: (dev1) => fitOneVersusRest(dev1, fitBeta),
};

/**
 * Fits a post-hoc calibrator, on examples of which nothing is reported afterwards. Examples that don't
 * determine it (separable classes, a class without examples, equal scores) give a defined result all the
 * same, with a note that says so.
 *
 * @example Temperature scaling, fitted on dev1 and applied to dev2
 * ```ts
 * import assert from "node:assert/strict";
 * import { fitCalibrator } from "./fit.ts";
 *
 * const logits = Float64Array.of(3, 0, 3, 0, 3, 0, 3, 0);
 * const dev1 = { labels: Int32Array.of(0, 0, 0, 1), classes: 2, logits };
 * const dev2 = { labels: Int32Array.of(0), classes: 2, logits: Float64Array.of(6, 0) };
 * const calibrator = fitCalibrator("temperature", dev1);
 * assert.equal(calibrator.summary, "T = 2.731");
 * assert.ok(calibrator.apply(dev2).logits[0] < 6); // less sure, because dev1 was overconfident
 * ```
 *
 * @throws {InputError} where there are no examples, fewer than two classes, or logits that aren't finite.
 */
export function fitCalibrator(name: CalibratorName, dev1: LabelledLogits): Calibrator {
  const { labels, classes, logits } = dev1;
  const expected = "at least one example of two or more classes, with finite logits";
  if (labels.length === 0) throw new InputError({ found: "no examples to fit a calibrator on", expected });
  if (classes < 2) throw new InputError({ found: `${classes} class to fit a calibrator on`, expected });
  if (!logits.every(Number.isFinite)) throw new InputError({ found: "a logit that isn't finite", expected });
  const { parameters, summary, note } = methods[name](dev1);
  const notes = [missingClasses(dev1), note].filter((one) => one !== undefined);
  const joined = notes.length > 0 ? notes.join("; ") : undefined;
  return calibratorOf({ name, classes, parameters, summary, note: joined });
}

function missingClasses({ labels, classes }: LabelledLogits): string | undefined {
  const seen = new Set(labels);
  const missing = Array.from({ length: classes }, (_, c) => c).filter((c) => !seen.has(c));
  return missing.length > 0 ? `fitted without any example of class ${missing.join(", ")}` : undefined;
}
