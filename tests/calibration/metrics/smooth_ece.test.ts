import assert from "node:assert/strict";
import {
  automaticError,
  smoothCalibrationError,
  sumOnGrids,
} from "../../../src/calibration/metrics/smooth_ece.ts";
import { gridPlaces } from "../../../src/calibration/metrics/smoothing.ts";
import { softmax } from "../../../src/calibration/predictions/softmax.ts";
import { topLabel } from "../../../src/calibration/metrics/top_label.ts";
import { randomStream } from "../../../src/random.ts";
import { assertClose } from "../../close.ts";
import { coarse, threeClasses, u, v, w, y } from "../reference_data.ts";

const below = (limit: Float64Array) => Uint8Array.from(v, (one, i) => one < limit[i] ? 1 : 0);
const { confidences, correct } = topLabel(softmax(threeClasses.logits, 3), threeClasses.labels, 3);

/** By relplot 1.0.3: smECE(f, y). */
const references = [
  { name: "too sure by a parabola", f: u, y: below(u.map((p) => p ** 2)), expected: 0.1604983103467355 },
  { name: "the same with ties, some at 0", f: coarse, y, expected: 0.15941219177907337 },
  { name: "calibrated", f: u, y: below(u), expected: 0.023567084223912595 },
  { name: "the wrong way round", f: u, y: below(u.map((p) => 1 - p)), expected: 0.3638485301488985 },
  { name: "confidences of three classes", f: confidences, y: correct, expected: 0.2770827952026854 },
];

for (const { name, f, y, expected } of references) {
  Deno.test(`smooth ECE as by relplot, automatic bandwidth: ${name}`, () => {
    assertClose([smoothCalibrationError(f, y)().value], [expected], 5e-5);
  });
}

Deno.test("smooth ECE as by relplot, given bandwidth", () => {
  // smECE_sigma(u, v < u ** 2, 0.02)
  const { value } = smoothCalibrationError(u, below(u.map((p) => p ** 2)), { bandwidth: 0.02 })();
  assertClose([value], [0.1610914255483313], 5e-5);
});

Deno.test("the guess it begins with doesn't matter", () => {
  for (const { f, y } of references) {
    const grids = sumOnGrids(gridPlaces(f), f, y);
    const found = [0.003, 0.02, 0.1, 0.5, 1].map((guess) => automaticError(grids, guess));
    for (const other of found) assert.deepEqual(other, found[0]);
  }
});

Deno.test("the bandwidth is the smallest step that the error doesn't exceed", () => {
  for (const { f, y } of references) {
    const { value, bandwidth } = smoothCalibrationError(f, y)();
    const smaller = bandwidth - 1 / 1024;
    assert.ok(value <= bandwidth);
    assert.ok(smoothCalibrationError(f, y, { bandwidth: smaller })().value > smaller);
  }
});

Deno.test("a weight is as good as so many equal examples", () => {
  const repeat = (values: Iterable<number>) =>
    [...values].flatMap((value, i) => new Array<number>(w[i]).fill(value));
  const f = Float64Array.from(repeat(u));
  const weighted = smoothCalibrationError(u, y)(w);
  assertClose([weighted.value], [smoothCalibrationError(f, repeat(y))().value], 1e-12);
});

Deno.test("a constant confidence shows its distance to the accuracy, wherever it is", () => {
  const outcomes = Uint8Array.from({ length: 100 }, (_, i) => i < 60 ? 1 : 0);
  for (const confidence of [0, 0.05, 0.3, 0.731, 0.9995, 1]) {
    const { value } = smoothCalibrationError(new Float64Array(100).fill(confidence), outcomes)();
    assertClose([value], [Math.abs(confidence - 0.6)], 1e-3);
  }
});

Deno.test("of calibrated predictions it goes to 0 as they grow in number", () => {
  const random = randomStream(3, "calibrated");
  const measured = [100, 10_000, 1_000_000].map((examples) => {
    const probabilities = Float64Array.from({ length: examples }, () => random.next());
    const outcomes = probabilities.map((p) => random.next() < p ? 1 : 0);
    return smoothCalibrationError(probabilities, outcomes)().value;
  });
  // The noise of n labels at the bandwidth h that equals it: h ~ √(1 / nh), so h ~ n^(−1/3).
  assert.ok(measured[0] < 0.12 && measured[1] < 0.025 && measured[2] < 0.006, String(measured));
});
