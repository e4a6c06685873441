/**
 * Predictions on which libraries are compared: such as classifiers make, and such as show where conventions
 * differ.
 */
import { type Forecasts, forecastsFromProbabilities } from "../../src/calibration/predictions/forecasts.ts";
import { softmax } from "../../src/calibration/predictions/softmax.ts";
import { randomStream } from "../../src/random.ts";
import { calibratedPredictions } from "./synthetic.ts";

/**
 * Calibrated predictions, then sharpened or blurred, then some of them rounded so that confidences are equal.
 */
export const random = [2, 3, 10].flatMap((classes) =>
  [0.3, 1, 4].flatMap((sharpness) =>
    [false, true].map((rounded) => {
      const { labels, logits } = calibratedPredictions(1500, classes, 10 * classes + sharpness);
      const scaled = logits.map((logit) => rounded ? Math.round(sharpness * logit) : sharpness * logit);
      return forecastsFromProbabilities(softmax(scaled, classes), labels, classes);
    })
  )
);

const stream = randomStream(1, "adversarial predictions");

/** Each would show another mistake. */
export const adversarial: readonly Forecasts[] = [
  // One example.
  predictions([[0.7, 0.3]], () => 0),
  // Only certain answers.
  predictions([[1, 0], [0, 1], [0, 1]], (i) => Math.min(i, 1)),
  // Only ties.
  predictions(repeated(4, () => [0.5, 0.5]), (i) => i % 2),
  // Nearly certain, and always wrong.
  predictions(repeated(3, (i) => [0, 1, 2].map((c) => c === i ? 1 - 2e-9 : 1e-9)), (i) => (i + 1) % 3),
  // On edges of bins, which float64 holds exactly.
  predictions([[0.75, 0.25], [0.5, 0.5], [0.25, 0.75]], (i) => Math.min(i, 1)),
  // On every edge, most of which float64 doesn't hold exactly.
  predictions(repeated(105, (i) => [i % 21 / 20, (20 - i % 21) / 20]), (i) => i % 5 < 2 ? 0 : 1),
  // Of two digits, as in many a file: confidences are equal, and some are on edges.
  predictions(
    repeated(500, () => {
      const hundredths = stream.integer(101);
      return [hundredths / 100, (100 - hundredths) / 100];
    }),
    () => stream.integer(2),
  ),
  // Examples of one class alone.
  predictions(repeated(200, randomRow), () => 2),
  // No answer is wrong.
  predictions(repeated(200, randomRow), (_, row) => row.indexOf(Math.max(...row))),
  // Confidences of 0.1 and of exactly 1, and empty bins between them.
  predictions(
    repeated(300, (i) => Array.from({ length: 10 }, (_, c) => i % 2 ? 0.1 : c === i % 10 ? 1 : 0)),
    (i) => (i + i % 3) % 10,
  ),
  // Confidences of exactly 1 beside others of the same bin.
  predictions(
    repeated(300, (i) => [[1, 0], [0.96, 0.04], [0.99, 0.01], [0.6, 0.4]][i % 4]),
    (i) => i % 7 ? 0 : 1,
  ),
];

function randomRow(): number[] {
  return [...softmax(Float64Array.from({ length: 3 }, () => 2 * stream.normal()), 3)];
}

function repeated(rows: number, row: (index: number) => readonly number[]): readonly (readonly number[])[] {
  return Array.from({ length: rows }, (_, index) => row(index));
}

function predictions(
  rows: readonly (readonly number[])[],
  label: (index: number, row: readonly number[]) => number,
): Forecasts {
  const labels = Int32Array.from(rows, (row, index) => label(index, row));
  return forecastsFromProbabilities(Float64Array.from(rows.flat()), labels, rows[0].length);
}
