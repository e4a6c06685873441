import { adaptiveCalibrationError } from "../../../src/calibration/metrics/adaptive_calibration_error.ts";
import { softmax } from "../../../src/calibration/predictions/softmax.ts";
import { assertClose } from "../../close.ts";
import { threeClasses } from "../reference_data.ts";

Deno.test("adaptive calibration error as by NumPy, with ranges that do and don't divide the examples", () => {
  // total = 0
  // for c in range(3):
  //     for r in np.array_split(np.argsort(p[:, c]), ranges):
  //         total += abs(p[r, c].mean() - (labels[r] == c).mean())
  // total / 3 / ranges
  const { logits, labels, classes } = threeClasses;
  const probabilities = softmax(logits, classes);
  const error = (ranges: number) => adaptiveCalibrationError(probabilities, labels, classes, ranges)();
  assertClose([error(15), error(7)], [0.19057502057452141, 0.18579872058124494], 1e-14);
});

Deno.test("ranges weigh the same, however many equal probabilities they hold", () => {
  // Class 1: three examples at 0.1 of which none happens, and one at 0.7 that does; class 0 the other way
  // round.
  const probabilities = Float64Array.of(0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.3, 0.7);
  const labels = Int32Array.of(0, 0, 0, 1);
  assertClose([adaptiveCalibrationError(probabilities, labels, 2, 4)()], [(0.1 + 0.3) / 2], 1e-15);
});

Deno.test("weights of 2 change nothing, weights of 0 take examples out", () => {
  const { logits, labels, classes } = threeClasses;
  const measure = adaptiveCalibrationError(softmax(logits, classes), labels, classes);
  assertClose([measure(new Int32Array(labels.length).fill(2))], [measure()], 1e-14);
  const probabilities = Float64Array.of(0.9, 0.1, 0.3, 0.7);
  const two = adaptiveCalibrationError(probabilities, Int32Array.of(0, 0), 2);
  assertClose([two(Int32Array.of(1, 0)), two(Int32Array.of(0, 1))], [0.1, 0.7], 1e-15);
});
