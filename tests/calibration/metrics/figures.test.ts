import assert from "node:assert/strict";
import fc from "fast-check";
import type { Binning } from "../../../src/calibration/metrics/bins.ts";
import {
  calibrationError,
  classColumn,
  classOutcomes,
} from "../../../src/calibration/metrics/calibration_error.ts";
import {
  type Forecasts,
  forecastsFromLogits,
  forecastsFromProbabilities,
} from "../../../src/calibration/predictions/forecasts.ts";
import {
  type FigureName,
  figureNames,
  figureRanges,
  measureFigures,
} from "../../../src/calibration/metrics/figures.ts";
import { aurc, auroc } from "../../../src/calibration/metrics/rank_curves.ts";
import { rankDescending, tallyRanks } from "../../../src/calibration/metrics/ranks.ts";
import { smoothCalibrationError } from "../../../src/calibration/metrics/smooth_ece.ts";
import { adaptiveCalibrationError } from "../../../src/calibration/metrics/adaptive_calibration_error.ts";
import { brierParts } from "../../../src/calibration/metrics/brier_parts.ts";
import { confusionMatrix, macroF1, matthewsCorrelation } from "../../../src/calibration/metrics/confusion.ts";
import type { Figures } from "../../../src/calibration/resampling/interval.ts";
import { topLabel } from "../../../src/calibration/metrics/top_label.ts";
import { randomStream } from "../../../src/random.ts";
import { assertClose } from "../../close.ts";
import { threeClasses } from "../reference_data.ts";
import { calibratedPredictions } from "../synthetic.ts";

type All = Figures<FigureName>;

const measureAll = (forecasts: Forecasts, binning?: Binning) =>
  measureFigures(forecasts, figureNames, binning);

function assertSame<Name extends FigureName>(
  actual: Figures<Name>,
  expected: Figures<Name>,
  tolerance: number,
): void {
  for (const name in expected) {
    if (Number.isNaN(expected[name])) assert.ok(Number.isNaN(actual[name]), name);
    else assertClose([actual[name]], [expected[name]], tolerance);
  }
}

Deno.test("figures of scikit-learn 1.9.1, uncertainty-calibration 0.1.4, relplot 1.0.3 and NumPy", () => {
  const metrics = measureAll(forecastsFromLogits(threeClasses))();
  assert.equal(metrics.accuracy, 0.325);
  assertClose([metrics.nll], [1.3877604016792546], 1e-14); // log_loss(labels, p)
  assertClose([metrics.brier], [0.8224227955394211], 1e-14); // brier_score_loss(labels, p, scale_by_half=False)
  assertClose([metrics.ece], [0.27694466004061047], 1e-14); // calibration.get_ece(p, labels, num_bins=20)
  assertClose([metrics.smooth_ece], [0.2770827952026854], 5e-5); // smECE(confidence, correct)
  assertClose([metrics.auroc_error], [0.5056980056980058], 1e-14); // roc_auc_score(correct, confidence)
  // (np.cumsum(~correct[np.argsort(-confidence)]) / i).mean()
  assertClose([metrics.aurc], [0.6712447002560654], 1e-14);
  assertClose([metrics.macro_f1], [0.30960261548309104], 1e-14); // f1_score(labels, predicted, average='macro')
  assertClose([metrics.mcc], [-0.011741024689557292], 1e-14); // matthews_corrcoef(labels, predicted)
  // As in adaptive_calibration_error.test.ts, by NumPy with 15 ranges.
  const { ace } = measureFigures(forecastsFromLogits(threeClasses), ["ace"], { bins: 15 })();
  assertClose([ace], [0.19057502057452141], 1e-14);
});

Deno.test("only the figures that were asked for are measured, each as among all", () => {
  const forecasts = forecastsFromLogits(threeClasses);
  const { aurc, mce } = measureAll(forecasts)();
  assert.deepEqual(measureFigures(forecasts, ["aurc", "mce"])(), { aurc, mce });
});

Deno.test("the Brier score is its reliability less its resolution plus its uncertainty and remainder", () => {
  const { brier, brier_reliability, brier_resolution, brier_uncertainty, brier_remainder } = measureAll(
    forecastsFromLogits(threeClasses),
  )();
  assertClose([brier_reliability - brier_resolution + brier_uncertainty + brier_remainder], [brier], 1e-14);
});

const arbitrary = fc.record({
  examples: fc.integer({ min: 1, max: 120 }),
  classes: fc.integer({ min: 2, max: 5 }),
  seed: fc.nat({ max: 1000 }),
  rounded: fc.boolean(),
  binning: fc.constantFrom<Binning>({}, { bins: 7, edge: "left" }, { bins: 5, binning: "mass" }, {
    precision: "float32",
  }),
}).map(({ examples, classes, seed, rounded, binning }) => {
  const predictions = calibratedPredictions(examples, classes, seed);
  // Rounded logits give equal confidences, and ties for the top label.
  const logits = rounded ? predictions.logits.map(Math.round) : predictions.logits;
  return { ...predictions, logits, binning };
});

Deno.test("each is what its own function measures, or its formula", () => {
  fc.assert(
    fc.property(arbitrary, ({ logits, labels, classes, binning }) => {
      const forecasts = forecastsFromLogits({ logits, labels, classes });
      const { probabilities } = forecasts;
      const { predicted, confidences, correct } = topLabel(probabilities, labels, classes);
      const ofTop = (norm: "l1" | "l2-debiased" | "max") =>
        calibrationError(confidences, correct, { ...binning, norm });
      const ranking = tallyRanks(rankDescending(confidences), correct);
      const confusion = confusionMatrix(labels, predicted, classes);
      const parts = brierParts(probabilities, labels, classes, binning)();
      const n = labels.length;
      const p = (i: number, c: number) => probabilities[i * classes + c];
      const sumOver = (of: (i: number) => number) => [...labels.keys()].reduce((sum, i) => sum + of(i), 0);
      const each = Array.from({ length: classes }, (_, c) => c);
      const logSumExp = (i: number) =>
        Math.log(each.reduce((sum, c) => sum + Math.exp(logits[i * classes + c]), 0));
      const expected: All = {
        accuracy: sumOver((i) => Number(labels[i] === predicted[i])) / n,
        macro_f1: macroF1(confusion),
        mcc: matthewsCorrelation(confusion),
        nll: sumOver((i) => logSumExp(i) - logits[i * classes + labels[i]]) / n,
        brier: sumOver((i) => each.reduce((sum, c) => sum + (p(i, c) - Number(labels[i] === c)) ** 2, 0)) / n,
        brier_reliability: parts.reliability,
        brier_resolution: parts.resolution,
        brier_uncertainty: parts.uncertainty,
        brier_remainder: parts.remainder,
        ece: ofTop("l1"),
        ece_debiased: ofTop("l2-debiased"),
        ece_classwise: each.reduce((sum, c) => {
          const [column, outcomes] = [classColumn(probabilities, c, classes), classOutcomes(labels, c)];
          return sum + calibrationError(column, outcomes, binning) / classes;
        }, 0),
        ace: adaptiveCalibrationError(probabilities, labels, classes, binning.bins)(),
        smooth_ece: smoothCalibrationError(confidences, correct)().value,
        mce: ofTop("max"),
        auroc_error: auroc(ranking),
        aurc: aurc(ranking),
      };
      assertSame(measureAll(forecasts, binning)(), expected, 1e-12);
    }),
    { seed: 6 },
  );
});

Deno.test("a weight is as good as so many equal rows", () => {
  fc.assert(
    fc.property(arbitrary, fc.nat({ max: 1000 }), ({ logits, labels, classes }, seed) => {
      const random = randomStream(seed, "weights");
      const weights = Int32Array.from(labels, () => random.integer(3));
      weights[0] = 1;
      const rows = [...labels.keys()].flatMap((i) => new Array<number>(weights[i]).fill(i));
      // The ACE's bins are those of the set that a resample is drawn from, whatever the weights.
      const names = figureNames.filter((name) => name !== "ace");
      const measured = measureFigures(forecastsFromLogits({ logits, labels, classes }), names)(weights);
      const repeated = forecastsFromLogits(takeRows({ logits, labels, classes }, rows));
      // The debiased error is the root of what is left of two nearly equal squares.
      assertSame(measured, measureFigures(repeated, names)(), 1e-7);
    }),
    { seed: 6 },
  );
});

Deno.test("neither the order of the rows matters nor that of the classes", () => {
  fc.assert(
    fc.property(arbitrary, fc.nat({ max: 1000 }), ({ logits, labels, classes, binning }, seed) => {
      const random = randomStream(seed, "order");
      const expected = measureAll(forecastsFromLogits({ logits, labels, classes }), binning)();
      const shuffled = takeRows({ logits, labels, classes }, random.shuffle([...labels.keys()]));
      assertSame(measureAll(forecastsFromLogits(shuffled), binning)(), expected, 1e-7);

      if (logits.every(Number.isInteger)) return; // Of equal logits the first is chosen: there the order does matter.
      const place = random.shuffle(Array.from({ length: classes }, (_, c) => c));
      const renamed = {
        classes,
        labels: labels.map((label) => place.indexOf(label)),
        logits: logits.map((_, at) => logits[at - at % classes + place[at % classes]]),
      };
      assertSame(measureAll(forecastsFromLogits(renamed), binning)(), expected, 1e-7);
    }),
    { seed: 6 },
  );
});

Deno.test("each lies in its range", () => {
  fc.assert(
    fc.property(arbitrary, ({ logits, labels, classes, binning }) => {
      const metrics = measureAll(forecastsFromLogits({ logits, labels, classes }), binning)();
      for (const name of figureNames) {
        const [lowest, highest] = figureRanges[name];
        if (Number.isNaN(metrics[name])) assert.equal(name, "auroc_error");
        else assert.ok(metrics[name] >= lowest - 1e-12 && metrics[name] <= highest + 1e-12, name);
      }
    }),
    { seed: 6 },
  );
});

Deno.test("a classifier that is certain and right has no error of any kind", () => {
  const certain = forecastsFromProbabilities(Float64Array.of(1, 0, 0, 1), Int32Array.of(0, 1), 2);
  const { accuracy, macro_f1, mcc, auroc_error, brier_resolution, brier_uncertainty, ...errors } = measureAll(
    certain,
  )();
  assert.deepEqual([accuracy, macro_f1, mcc], [1, 1, 1]);
  assert.deepEqual([brier_resolution, brier_uncertainty], [0.5, 0.5]); // both classes are half of the examples
  assert.ok(Number.isNaN(auroc_error));
  assertClose(Object.values(errors), Object.values(errors).map(() => 0), 0);
});

Deno.test("the calibration errors of calibrated predictions go to 0 as they grow in number", () => {
  const { logits, labels, classes } = calibratedPredictions(200_000, 3);
  const metrics = measureAll(forecastsFromLogits({ logits, labels, classes }))();
  for (const name of ["ece", "ece_debiased", "ece_classwise", "smooth_ece"] as const) {
    assert.ok(metrics[name] < 0.006, `${name} ${metrics[name]}`);
  }
});

/** The binning that the authors' figures come from (method.md §4). */
const authors: Binning = { bins: 20, binning: "width", edge: "right", precision: "float32" };

Deno.test("given probabilities are measured as they are, to the last digit: those on an edge keep their bins", () => {
  const given = Float64Array.of(0.95, 0.05, 0.9, 0.1, 0.85, 0.15, 0.55, 0.45, 0.5, 0.5);
  const labels = Int32Array.of(0, 1, 0, 0, 1);
  const forecasts = forecastsFromProbabilities(given, labels, 2);
  assert.equal(forecasts.probabilities, given);
  assertClose([measureAll(forecasts)().ece], [0.41], 1e-12);
  assertClose([measureAll(forecasts, authors)().ece], [0.35], 1e-6);
});

Deno.test("a true class of probability 0 has an infinite loss; a resample without it, a finite one", () => {
  const forecasts = forecastsFromProbabilities(Float64Array.of(1, 0, 0.5, 0.5), Int32Array.of(1, 0), 2);
  const measure = measureAll(forecasts);
  assert.equal(measure().nll, Infinity);
  assert.equal(measure(Int32Array.of(0, 2)).nll, Math.log(2));
});

function takeRows(
  { logits, labels, classes }: { logits: Float64Array; labels: Int32Array; classes: number },
  rows: readonly number[],
): { logits: Float64Array; labels: Int32Array; classes: Forecasts["classes"] } {
  return {
    classes,
    labels: Int32Array.from(rows, (i) => labels[i]),
    logits: Float64Array.from(rows.flatMap((i) => [...logits.subarray(i * classes, (i + 1) * classes)])),
  };
}
