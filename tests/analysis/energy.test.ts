import assert from "node:assert/strict";
import { analyseEnergies, jointVerdicts } from "../../src/analysis/energy.ts";
import { measureEnergies } from "../../src/analysis/energy_figures.ts";
import { threeClasses, v } from "../calibration/reference_data.ts";
import { assertClose } from "../close.ts";
import { labelled, noise } from "./energies.ts";

const sources = Int32Array.from(noise, (_, at) => at);
const options = { seed: 1, resamples: 200, texts: 2 };

Deno.test("figures as by SciPy 1.17.1 and scikit-learn 1.9.1, inside their intervals", () => {
  const [{ figures }] = analyseEnergies([[{ labelled, noise }]], sources, options);
  const expected = {
    noise_auroc: 0.7432500000000001, // roc_auc_score of the noise
    pearson_confidence: -0.017537307642090896,
    spearman_confidence: -0.013147957174732341,
    pearson_entropy: 0.012090262080647242,
    spearman_entropy: 0.009024618903868149,
    pearson_correctness: 0.11779002358030435,
    spearman_correctness: 0.11755058392954522,
  };
  assert.deepEqual(Object.keys(figures), Object.keys(expected));
  assertClose(Object.values(figures).map(({ value }) => value), Object.values(expected), 1e-13);
  for (const { value, low, high } of Object.values(figures)) assert.ok(low < value && value < high);
});

Deno.test("quantiles as by NumPy 2.4.6, means over trainings", () => {
  const negated = { labelled: { ...labelled, energies: v.map((one) => -one) }, noise };
  const [{ spread }] = analyseEnergies([[{ labelled, noise }, negated]], sources, options);
  const { data } = spread;
  const half = (0.94515213 - 0.05091986) / 2; // of v: 95 % and 5 %
  assertClose([data.low, data.median, data.high], [-half, 0, half], 1e-8);
  assertClose([spread.noise.low, spread.noise.median, spread.noise.high], [0.098, 0.98, 1.88], 1e-12);
});

Deno.test("the extremes are those of the mean energy over trainings; equal ones come by their place", () => {
  const energies = (values: readonly number[]) => ({
    labelled: {
      ids: ["a", "b", "c", "d"],
      labels: Int32Array.of(0, 1, 0, 1),
      logits: Float64Array.of(2, 1, 1, 2, 2, 1, 3, 1),
      classes: 2,
      energies: Float64Array.from(values),
    },
    noise: Float64Array.of(0, 1),
  });
  const trainings = [energies([1, 5, 3, 1]), energies([3, 1, 0, 3])];
  const [{ lowest, highest }] = analyseEnergies([trainings], Int32Array.of(0, 1), options);
  assert.deepEqual(lowest, [{ row: 2, energy: 1.5 }, { row: 0, energy: 2 }]);
  assert.deepEqual(highest, [{ row: 1, energy: 3 }, { row: 3, energy: 2 }]);
});

Deno.test("a text that is drawn twice counts twice, and its noise with it", () => {
  const drawn = Int32Array.from(v, (_, row) => row % 3); // 0, 1 or 2 times
  const rows = [...v.keys()].flatMap((row) => Array.from({ length: drawn[row] }, () => row));
  const texts = [...sources].flatMap((row) => Array.from({ length: drawn[row] }, () => row));
  const { classes, logits, labels } = threeClasses;
  const written = {
    ids: rows.map((row) => labelled.ids[row]),
    classes,
    labels: Int32Array.from(rows, (row) => labels[row]),
    logits: Float64Array.from(rows.flatMap((row) => [...logits.slice(row * classes, (row + 1) * classes)])),
    energies: Float64Array.from(rows, (row) => v[row]),
  };
  const weighted = measureEnergies(labelled, noise, sources)(drawn);
  const repeated = measureEnergies(
    written,
    Float64Array.from(texts, (row) => noise[row]),
    new Int32Array(texts.length),
  )();
  assertClose(Object.values(weighted), Object.values(repeated), 1e-12);
});

Deno.test("several trainings' verdict is that of their mean probability, not of the mean logit", () => {
  const said = (logits: readonly number[]) => ({
    ids: ["a"],
    labels: Int32Array.of(1),
    logits: Float64Array.from(logits),
    classes: 2,
  });
  const [mild, sure] = [[0.9, 0.1], [0.3, 0.7]].map((p) => said(p.map(Math.log)));
  const { predicted, confidences, correct } = jointVerdicts([mild, sure]);
  assert.deepEqual([predicted[0], correct[0]], [0, 0]);
  assertClose(confidences, [0.6], 1e-15);
  const extreme = said([Math.log(0.2) + 50, Math.log(0.8) + 50]); // a shift of both logits says nothing
  assertClose(jointVerdicts([mild, extreme]).confidences, [0.55], 1e-14);
});
