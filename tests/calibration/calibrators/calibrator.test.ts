/** Calibrators that went through JSON, as `calibrator.json` holds them. */
import assert from "node:assert/strict";
import {
  calibratorNames,
  calibratorOf,
  savedCalibrator,
  savedCalibratorSchema,
} from "../../../src/calibration/calibrators/calibrator.ts";
import { fitCalibrator } from "../../../src/calibration/calibrators/fit.ts";
import { applyTemperature } from "../../../src/calibration/calibrators/temperature.ts";
import { calibratedPredictions } from "../synthetic.ts";

for (const classes of [2, 4]) {
  for (const name of calibratorNames) {
    Deno.test(`${name}, ${classes} classes: a saved calibrator gives the bits of the one that was fitted`, () => {
      const dev1 = applyTemperature(calibratedPredictions(200, classes, 3), 0.3);
      const other = applyTemperature(calibratedPredictions(200, classes, 4), 0.3);
      const fitted = fitCalibrator(name, dev1);
      const saved = savedCalibratorSchema.parse(JSON.parse(JSON.stringify(savedCalibrator(fitted))));
      const { logits } = calibratorOf(saved).apply(other);
      assert.deepEqual(logits, fitted.apply(other).logits);
      assert.notDeepEqual(logits, other.logits);
    });

    Deno.test(`${name}, ${classes} classes: parameters that were cut short are refused`, () => {
      const { parameters, ...others } = savedCalibrator(
        fitCalibrator(name, calibratedPredictions(50, classes, 3)),
      );
      const shortened = JSON.parse(
        JSON.stringify(parameters, (_, value) => Array.isArray(value) ? value.slice(1) : value),
      );
      if (parameters.kind === "temperature") delete shortened.value;
      assert.equal(savedCalibratorSchema.safeParse({ ...others, parameters: shortened }).success, false);
    });
  }
}
