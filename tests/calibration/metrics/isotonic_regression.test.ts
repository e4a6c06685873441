import assert from "node:assert/strict";
import fc from "fast-check";
import { isotonicRegression } from "../../../src/calibration/metrics/isotonic_regression.ts";
import { reliabilityCurve } from "../../../src/calibration/metrics/reliability.ts";
import { topLabel } from "../../../src/calibration/metrics/top_label.ts";
import { softmax } from "../../../src/calibration/predictions/softmax.ts";
import { assertClose } from "../../close.ts";
import { coarse, threeClasses, y } from "../reference_data.ts";

const twice = (values: readonly number[]) => values.flatMap((value) => [value, value]);

Deno.test("pools by hand: 1, 3, 2, 4 is 1, 2.5, 2.5, 4; and equal places are pooled first", () => {
  assert.deepEqual(isotonicRegression(Float64Array.of(1, 2, 3, 4), [1, 3, 2, 4]), {
    places: [1, 2, 3, 4],
    values: [1, 2.5, 2.5, 4],
  });
  assert.deepEqual(isotonicRegression(Float64Array.of(5, 2, 5, 2), [1, 0, 0, 1]), {
    places: [2, 5],
    values: [0.5, 0.5],
  });
});

// f = IsotonicRegression().fit(coarse, y); f.X_thresholds_, f.y_thresholds_
Deno.test("the corners of scikit-learn 1.9.1, of outcomes at places with ties", () => {
  const { places, values } = isotonicRegression(coarse, y);
  assertClose(places, [
    ...[0, 0.2, 0.22, 0.24, 0.26, 0.32, 0.34, 0.36, 0.38, 0.4, 0.44, 0.46, 0.56, 0.58, 0.64, 0.66, 0.7],
    ...[0.72, 0.74, 0.76, 0.8, 0.82, 0.86, 0.88, 0.92, 0.94, 0.96, 0.98],
  ], 1e-15);
  const upper = [5 / 24, 1 / 4, 6 / 17, 12 / 23, 5 / 8, 2 / 3, 17 / 23, 3 / 4];
  assertClose(values, [...twice([0, 1 / 16, 3 / 32, 1 / 8]), 1 / 7, ...twice(upper), 8 / 9, 1, 1], 1e-15);
});

// The same of confidence and correct
Deno.test("the reliability curve of a classifier of three classes, as by scikit-learn 1.9.1", () => {
  const { logits, labels, classes } = threeClasses;
  const curve = reliabilityCurve(topLabel(softmax(logits, classes), labels, classes));
  assertClose(curve.map(({ confidence }) => confidence), [
    ...[0.33491623326042946, 0.3358957544577465, 0.34681946578169826, 0.3484221115849189, 0.3536229784196026],
    ...[0.3552345073385889, 0.3758753787688159, 0.3775109969376484, 0.4308653337255122, 0.43252893677014354],
    ...[0.5526564220522572, 0.5541885278946151, 0.6492433030876291, 0.6506246810917686, 0.7849368735135847],
    ...[0.7852493135268681, 0.7869569389621396, 0.7869828084496333],
  ], 1e-15);
  const levels = [1 / 7, 1 / 4, 4 / 13, 5 / 16, 7 / 22, 28 / 85, 52 / 155, 5 / 14];
  assertClose(curve.map(({ accuracy }) => accuracy), [0, ...twice(levels), 1], 1e-15);
});

const examples = fc.array(
  fc.record({ place: fc.integer({ min: 0, max: 12 }), target: fc.integer({ min: 0, max: 4 }) }),
  { minLength: 1, maxLength: 40 },
);

Deno.test("it never falls, keeps the mean, and at each threshold is max over min of means", () => {
  fc.assert(fc.property(examples, (rows) => {
    const places = Float64Array.from(rows, ({ place }) => place / 12);
    const { places: corners, values } = isotonicRegression(places, rows.map(({ target }) => target));
    for (let at = 1; at < corners.length; at++) {
      assert.ok(corners[at] > corners[at - 1] && values[at] >= values[at - 1]);
    }
    const valueAt = (place: number) => {
      const next = corners.findIndex((corner) => corner >= place);
      return values[next]; // a place between two corners lies within a pool
    };
    const meanFrom = (low: number, high: number) => {
      const inside = rows.filter(({ place }) => place >= low && place <= high);
      return inside.reduce((sum, { target }) => sum + target, 0) / inside.length;
    };
    const distinct = [...new Set(rows.map(({ place }) => place))].toSorted((a, b) => a - b);
    for (const place of distinct) {
      // Barlow et al. 1972: the greatest over lower ends of the least mean over upper ends.
      const expected = Math.max(
        ...distinct.filter((low) => low <= place).map((low) =>
          Math.min(...distinct.filter((high) => high >= place).map((high) => meanFrom(low, high)))
        ),
      );
      assertClose([valueAt(place / 12)], [expected], 1e-12);
    }
  }));
});
