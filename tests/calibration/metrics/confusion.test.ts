import assert from "node:assert/strict";
import { confusionMatrix, macroF1, matthewsCorrelation } from "../../../src/calibration/metrics/confusion.ts";
import { softmax } from "../../../src/calibration/predictions/softmax.ts";
import { topLabel } from "../../../src/calibration/metrics/top_label.ts";
import { assertClose } from "../../close.ts";
import { coarse, threeClasses, w, y } from "../reference_data.ts";

const { labels, logits, classes } = threeClasses;
const { predicted } = topLabel(softmax(logits, classes), labels, classes);

Deno.test("macro-F1 and MCC as by scikit-learn 1.9.1: f1_score(average='macro'), matthews_corrcoef", () => {
  const figures = (matrix: Float64Array) => [macroF1(matrix), matthewsCorrelation(matrix)];
  const three = confusionMatrix(labels, predicted, classes);
  assertClose(figures(three), [0.30960261548309104, -0.011741024689557292], 1e-15);
  const weighted = confusionMatrix(labels, predicted, classes, w);
  assertClose(figures(weighted), [0.31720536114794423, 0.0016672564499287399], 1e-15);
  const two = confusionMatrix(Int32Array.from(y), Int32Array.from(coarse, (p) => p > 0.5 ? 1 : 0), 2);
  assertClose(figures(two), [0.748663967611336, 0.5327872044358045], 1e-14);
});

Deno.test("rows are true classes, columns predicted ones", () => {
  const matrix = confusionMatrix(Int32Array.of(0, 0, 1), Int32Array.of(1, 0, 1), 2);
  assert.deepEqual([...matrix], [1, 1, 0, 1]);
});

Deno.test("all right: both are 1, and a class that doesn't occur plays no part", () => {
  const matrix = confusionMatrix(Int32Array.of(0, 2, 2), Int32Array.of(0, 2, 2), 4);
  assert.deepEqual([macroF1(matrix), matthewsCorrelation(matrix)], [1, 1]);
});

Deno.test("always the same answer: MCC is 0", () => {
  assert.equal(matthewsCorrelation(confusionMatrix(Int32Array.of(0, 1, 1), Int32Array.of(1, 1, 1), 2)), 0);
});
