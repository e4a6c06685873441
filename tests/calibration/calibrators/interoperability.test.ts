/** Calibrators beside scikit-learn's, and beside SciPy's minimum of the documented objective. */

import type { CalibratorName } from "../../../src/calibration/calibrators/calibrator.ts";
import { fitCalibrator } from "../../../src/calibration/calibrators/fit.ts";
import { softmax } from "../../../src/calibration/predictions/softmax.ts";
import { applyTemperature, fitTemperature } from "../../../src/calibration/calibrators/temperature.ts";
import { assertClose } from "../../close.ts";
import { askPython } from "../../python.ts";
import { calibratedPredictions } from "../synthetic.ts";
import { python } from "../witnesses.ts";

/** As docs/metrics.md says. */
const tolerances: Partial<Record<CalibratorName, number>> = {
  platt: 1e-6,
  isotonic: 1e-12,
  beta: 1e-6,
  vector: 1e-6,
  matrix: 1e-6,
  dirichlet: 1e-6,
};

for (const classes of [2, 3]) {
  Deno.test(
    { name: `${classes} classes: calibrated as by scikit-learn and SciPy`, ignore: !python },
    async () => {
      const dev1 = applyTemperature(calibratedPredictions(300, classes, 9), 0.5);
      const logits = Array.from(
        dev1.labels,
        (_, i) => [...dev1.logits.subarray(i * classes, (i + 1) * classes)],
      );
      const given = { logits, labels: [...dev1.labels], temperature: fitTemperature(dev1).value };
      const script = new URL("calibrators.py", import.meta.url);
      const theirs = await askPython(python!, script, [], JSON.stringify(given)) as Readonly<
        Record<CalibratorName, readonly number[]>
      >;
      for (const [name, tolerance] of Object.entries(tolerances) as [CalibratorName, number][]) {
        const ours = softmax(fitCalibrator(name, dev1).apply(dev1).logits, classes);
        assertClose(ours, theirs[name], tolerance);
      }
    },
  );
}
