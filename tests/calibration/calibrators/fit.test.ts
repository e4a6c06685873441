import assert from "node:assert/strict";
import { type CalibratorName, calibratorNames } from "../../../src/calibration/calibrators/calibrator.ts";
import { fitCalibrator } from "../../../src/calibration/calibrators/fit.ts";
import type { LabelledLogits } from "../../../src/calibration/predictions/forecasts.ts";
import { negativeLogLikelihood } from "../../../src/calibration/metrics/proper_scores.ts";
import { softmax } from "../../../src/calibration/predictions/softmax.ts";
import { applyTemperature } from "../../../src/calibration/calibrators/temperature.ts";
import { InputError } from "../../../src/errors.ts";
import { randomStream } from "../../../src/random.ts";
import { assertClose } from "../../close.ts";
import { calibratedPredictions, predictionsOf } from "../synthetic.ts";

const nll = ({ logits, labels, classes }: LabelledLogits) => negativeLogLikelihood(logits, labels, classes);
const calibrated = (name: CalibratorName, dev1: LabelledLogits, other = dev1) =>
  fitCalibrator(name, dev1).apply(other);

for (const classes of [2, 4]) {
  for (const name of calibratorNames) {
    Deno.test(`${name}, ${classes} classes: calibrated predictions stay nearly as they are`, () => {
      const dev1 = calibratedPredictions(10_000, classes, 2);
      const probabilities = softmax(dev1.logits, classes);
      const changes = softmax(calibrated(name, dev1).logits, classes).map((p, at) =>
        Math.abs(p - probabilities[at])
      );
      const mean = changes.reduce((sum, one) => sum + one, 0) / changes.length;
      // A bin of 15, and a step of the grid from 0.83 to 1.07, are coarser than what sampling adds.
      const coarse = ["histogram", "platt-binner", "temperature-grid"].includes(name);
      assert.ok(mean < (coarse ? 0.04 : 0.012), String(mean));
    });
    Deno.test(`${name}, ${classes} classes: a lower NLL of overconfident predictions, also of other examples`, () => {
      const dev1 = applyTemperature(calibratedPredictions(3000, classes, 3), 0.3);
      const other = applyTemperature(calibratedPredictions(3000, classes, 4), 0.3);
      assert.ok(nll(calibrated(name, dev1)) < nll(dev1) - 0.1);
      const after = nll(calibrated(name, dev1, other));
      // Zeros are what these two say; of an example that has one the NLL is infinite.
      if (name === "isotonic" || name === "histogram") assert.ok(after < nll(other) || after === Infinity);
      else assert.ok(after < nll(other) - 0.1);
    });
  }
}

Deno.test("on dev1 neither vector, matrix nor Dirichlet scaling has a higher NLL than temperature scaling", () => {
  for (const [examples, classes] of [[20, 2], [100, 3], [400, 6]]) {
    const dev1 = calibratedPredictions(examples, classes, 5);
    const reference = nll(calibrated("temperature", dev1));
    for (const name of ["vector", "matrix", "dirichlet"] as const) {
      assert.ok(nll(calibrated(name, dev1)) <= reference + 1e-12, name);
    }
  }
});

Deno.test("matrix scaling undoes classes that were mixed up, which vector scaling can't", () => {
  const dev1 = calibratedPredictions(3000, 3, 6);
  const turned = { ...dev1, logits: dev1.logits.map((_, at) => dev1.logits[at - at % 3 + (at + 1) % 3]) };
  assertClose([nll(calibrated("matrix", turned))], [nll(dev1)], 0.01);
  assertClose([nll(calibrated("dirichlet", turned))], [nll(dev1)], 0.01);
  assert.ok(nll(calibrated("vector", turned)) > nll(dev1) + 0.1);
});

Deno.test("vector and matrix scaling don't depend on the scale of the logits", () => {
  const dev1 = calibratedPredictions(200, 3, 7);
  for (const name of ["vector", "matrix"] as const) {
    const [once, twice] = [dev1, applyTemperature(dev1, 0.5)].map((one) =>
      softmax(calibrated(name, one).logits, 3)
    );
    assertClose(once, twice, 1e-8);
  }
});

/** Labels that leave something to fit, that logits separate, and of which logits are always wrong. */
const labellings: Readonly<Record<string, (dev1: LabelledLogits) => Int32Array>> = {
  noisy: ({ labels }) => labels,
  separable: (dev1) => dev1.labels.map((_, i) => rowOf(dev1, i).indexOf(Math.max(...rowOf(dev1, i)))),
  wrong: (dev1) => dev1.labels.map((_, i) => rowOf(dev1, i).indexOf(Math.min(...rowOf(dev1, i)))),
};
const rowOf = ({ logits, classes }: LabelledLogits, i: number) =>
  logits.subarray(i * classes, (i + 1) * classes);

for (const [kind, labelsOf] of Object.entries(labellings)) {
  Deno.test(`${kind}: extreme scales of logits give what ordinary ones give, from 1e-300 to 1e307`, () => {
    for (const classes of [2, 3]) {
      const base = calibratedPredictions(80, classes, 7);
      const labels = labelsOf(base);
      const at = (scale: number) => ({ ...base, labels, logits: base.logits.map((one) => one * scale) });
      for (const name of calibratorNames.filter((name) => !name.startsWith("temperature"))) {
        const expected = softmax(calibrated(name, at(1)).logits, classes);
        for (const scale of [1e-300, 1e-8, 1e3, 1e5, 1e200, 1e307]) {
          const found = softmax(calibrated(name, at(scale)).logits, classes);
          assertClose(found, expected, 1e-4);
        }
      }
    }
  });
  Deno.test(`${kind}: vector and matrix scaling depend on no scale at all`, () => {
    const base = calibratedPredictions(80, 3, 7);
    const at = (scale: number) => ({
      ...base,
      labels: labelsOf(base),
      logits: base.logits.map((one) => one * scale),
    });
    for (const name of ["vector", "matrix"] as const) {
      const expected = softmax(calibrated(name, at(1)).logits, 3);
      for (const scale of [0.003, 0.02, 0.7, 13, 40, 444]) {
        assertClose(softmax(calibrated(name, at(scale)).logits, 3), expected, 1e-6);
      }
    }
  });
}

Deno.test("a temperature beyond its bounds is told, whatever the scale", () => {
  const base = calibratedPredictions(80, 3, 7);
  for (const scale of [1e-300, 1e-4, 1e3, 1e200, 8e307]) {
    const dev1 = {
      ...base,
      logits: base.logits.map((one) => Math.max(-1e308, Math.min(1e308, one * scale))),
    };
    const { temperature, note, apply } = fitCalibrator("temperature", dev1);
    assert.equal(temperature?.atBound, true, String(scale));
    assert.match(note ?? "", /at a bound/);
    assert.ok(softmax(apply(dev1).logits, 3).every(Number.isFinite), String(scale));
  }
  const huge = predictionsOf([[1.7e308, 1.5e308], [-1.7e308, 1.7e308]], [0, 1]);
  const { temperature, apply } = fitCalibrator("temperature", huge);
  assert.deepEqual(temperature, { value: 0.05, atBound: true });
  assertClose(softmax(apply(huge).logits, 2), [1, 0, 0, 1], 0); // quotients would overflow
  const { summary } = fitCalibrator("platt", { ...base, logits: base.logits.map((one) => one * 1e5) });
  assert.match(summary, /^3 fits, of each class against the rest, of logits \/ 100000$/);
});

Deno.test("common shifts and outliers of logits leave no calibrator without a result", () => {
  const random = randomStream(1, "shifts and outliers");
  for (let round = 0; round < 30; round++) {
    const [n, classes] = [1 + random.integer(40), 2 + random.integer(3)];
    const power = random.next() * 12;
    const rows = Array.from({ length: n }, () => {
      const shift = round % 2 === 0 ? 10 ** power * random.normal() : 0;
      const factor = round % 2 === 1 && random.next() < 0.05 ? 10 ** power : 1;
      return Array.from({ length: classes }, () => shift + factor * random.normal());
    });
    const dev1 = predictionsOf(rows, rows.map(() => random.integer(classes)));
    for (const name of calibratorNames) {
      const probabilities = softmax(calibrated(name, dev1).logits, classes);
      assert.ok(probabilities.every((p) => p >= 0 && p <= 1), `${name}, round ${round}`);
    }
  }
});

Deno.test("of two classes isotonic regression never turns an order round", () => {
  const dev1 = calibratedPredictions(500, 2, 8);
  const other = calibratedPredictions(500, 2, 9);
  const margins = Array.from(other.labels, (_, i) => other.logits[2 * i + 1] - other.logits[2 * i]);
  const after = softmax(calibrated("isotonic", dev1, other).logits, 2);
  const order = margins.map((_, i) => i).sort((a, b) => margins[a] - margins[b]);
  order.slice(1).forEach((i, at) => assert.ok(after[2 * i + 1] >= after[2 * order[at] + 1]));
});

Deno.test("neither form of temperature scaling changes which class is the most probable", () => {
  const dev1 = calibratedPredictions(300, 4, 10);
  const top = ({ logits }: LabelledLogits) =>
    Array.from(dev1.labels, (_, i) => {
      const row = logits.subarray(4 * i, 4 * i + 4);
      return row.indexOf(Math.max(...row));
    });
  for (const name of ["temperature", "temperature-grid"] as const) {
    assert.deepEqual(top(calibrated(name, dev1)), top(dev1));
  }
});

Deno.test("histogram binning of fewer examples than bins gives each its own outcome", () => {
  const dev1 = predictionsOf([[0, 1], [0, 2], [0, 3]], [1, 0, 1]);
  assertClose(softmax(calibrated("histogram", dev1).logits, 2), [0, 1, 1, 0, 0, 1], 0);
});

const degenerate: Readonly<Record<string, readonly [LabelledLogits, RegExp]>> = {
  "separable classes": [
    predictionsOf([[2, 1], [0, 3], [1, -1]], [0, 1, 0]),
    /bound|end of the grid|without a mistake|probabilities of 0/,
  ],
  "a class without examples": [
    predictionsOf([[2, 1, 0], [0, 3, 1], [1, -1, 0.5]], [0, 1, 1]),
    /without any example of class 2/,
  ],
  "examples of one class alone": [
    predictionsOf([[2, 1], [0, 3]], [1, 1]),
    /without any example of class 0/,
  ],
  "one example": [predictionsOf([[0.3, 0.7]], [0]), /without any example of class 1/],
  "one example of each class": [
    predictionsOf([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 1, 2]),
    /bound|end of the grid|without a mistake|probabilities of 0/,
  ],
  "equal scores": [predictionsOf([[0, 1], [0, 1], [0, 1]], [0, 1, 1]), /all scores are equal/],
  "always wrong": [
    predictionsOf([[2, 1], [0, 3], [1, -1]], [1, 0, 1]),
    /bound|end of the grid|not more often right|turned round|probabilities of 0/,
  ],
  "tiny differences": [
    predictionsOf([[1e-9, 0], [0, 1e-9], [2e-9, 0]], [0, 1, 1]),
    /bound|grid|turned|probabilities of 0/,
  ],
  "huge logits": [
    predictionsOf([[1e6, 0], [0, 1e6], [1e6, 0]], [0, 1, 1]),
    /bound|probabilities of 0|the same ECE/,
  ],
};

/** Whom these data leave nothing open: smoothed targets are finite, pools and shares are what they are. */
const determined: Readonly<Record<string, readonly CalibratorName[]>> = {
  "separable classes": ["platt", "platt-binner"],
  "one example of each class": ["platt", "platt-binner"],
  "equal scores": calibratorNames.filter((name) => !name.startsWith("platt")),
  "always wrong": ["isotonic"],
  "tiny differences": ["platt", "platt-binner", "beta"],
  "huge logits": ["platt", "platt-binner", "beta"],
};

for (const [situation, [dev1, expected]] of Object.entries(degenerate)) {
  Deno.test(`${situation}: every calibrator has a defined result, and says what was left open`, () => {
    for (const name of calibratorNames) {
      const { apply, note } = fitCalibrator(name, dev1);
      const probabilities = softmax(apply(dev1).logits, dev1.classes);
      assert.ok(probabilities.every((p) => p >= 0 && p <= 1), name);
      if (determined[situation]?.includes(name)) assert.equal(note, undefined, name);
      else assert.match(note ?? "", expected, name);
    }
  });
}

Deno.test("no examples, a logit that isn't finite, and predictions of other classes are refused", () => {
  const dev1 = calibratedPredictions(10, 3);
  for (const name of calibratorNames) {
    assert.throws(
      () => fitCalibrator(name, { ...dev1, labels: new Int32Array(), logits: new Float64Array() }),
      InputError,
    );
    assert.throws(() => fitCalibrator(name, predictionsOf([[0, NaN]], [0])), InputError);
    assert.throws(
      () => fitCalibrator(name, dev1).apply(calibratedPredictions(5, 2)),
      /found predictions of 2 classes, expected 3/,
    );
  }
});

Deno.test("predictions of another scale are calibrated, or refused where they overflow", () => {
  const dev1 = calibratedPredictions(60, 3, 1);
  for (const scale of [1e-300, 1]) {
    const small = { ...dev1, logits: dev1.logits.map((one) => one * scale) };
    const huge = predictionsOf([[1.7e308, -1.7e308, 0], [1.6e308, 1.7e308, 1]], [0, 1]);
    for (const name of calibratorNames) {
      try {
        const probabilities = softmax(calibrated(name, small, huge).logits, 3);
        assert.ok(probabilities.every((p) => p >= 0 && p <= 1), `${name}, ${scale}`);
      } catch (error) {
        assert.ok(error instanceof InputError, `${name}, ${scale}: ${error}`);
        assert.match(error.message, /too large for float64/);
      }
    }
  }
});
