import assert from "node:assert/strict";
import fc from "fast-check";
import { authors, type Binning } from "../../../src/calibration/metrics/bins.ts";
import {
  calibrationError,
  classwiseCalibrationError,
} from "../../../src/calibration/metrics/calibration_error.ts";
import {
  type Forecasts,
  forecastsFromLogits,
  forecastsFromProbabilities,
} from "../../../src/calibration/predictions/forecasts.ts";
import {
  defaultMetrics,
  type MetricName,
  metricRanges,
  type Metrics,
} from "../../../src/calibration/metrics/figures.ts";
import { brierScore, negativeLogLikelihood } from "../../../src/calibration/metrics/proper_scores.ts";
import { aurc, auroc } from "../../../src/calibration/metrics/rank_curves.ts";
import { rankDescending, tallyRanks } from "../../../src/calibration/metrics/ranks.ts";
import { smoothCalibrationError } from "../../../src/calibration/metrics/smooth_ece.ts";
import { accuracy, topLabel } from "../../../src/calibration/metrics/top_label.ts";
import { randomStream } from "../../../src/random.ts";
import { assertClose } from "../../close.ts";
import { threeClasses } from "../reference_data.ts";
import { calibratedPredictions } from "../synthetic.ts";

const names = Object.keys(metricRanges) as MetricName[];

function assertSame(actual: Metrics, expected: Metrics, tolerance: number): void {
  for (const name of names) {
    if (Number.isNaN(expected[name])) assert.ok(Number.isNaN(actual[name]), name);
    else assertClose([actual[name]], [expected[name]], tolerance);
  }
}

Deno.test("figures of scikit-learn 1.9.1, uncertainty-calibration 0.1.4, relplot 1.0.3 and NumPy", () => {
  const metrics = defaultMetrics(forecastsFromLogits(threeClasses))();
  assert.equal(metrics.accuracy, 0.325);
  assertClose([metrics.nll], [1.3877604016792546], 1e-14); // log_loss(labels, p)
  assertClose([metrics.brier], [0.8224227955394211], 1e-14); // brier_score_loss(labels, p, scale_by_half=False)
  assertClose([metrics.ece], [0.27694466004061047], 1e-14); // calibration.get_ece(p, labels, num_bins=20)
  assertClose([metrics.smooth_ece], [0.2770827952026854], 5e-5); // smECE(confidence, correct)
  assertClose([metrics.auroc_error], [0.5056980056980058], 1e-14); // roc_auc_score(correct, confidence)
  // (np.cumsum(~correct[np.argsort(-confidence)]) / i).mean()
  assertClose([metrics.aurc], [0.6712447002560654], 1e-14);
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

Deno.test("each is what its own function measures", () => {
  fc.assert(
    fc.property(arbitrary, ({ logits, labels, classes, binning }) => {
      const forecasts = forecastsFromLogits({ logits, labels, classes });
      const { probabilities } = forecasts;
      const top = topLabel(probabilities, labels, classes);
      const ofTop = (norm: "l1" | "l2-debiased" | "max") =>
        calibrationError(top.confidences, top.correct, { ...binning, norm });
      const ranking = tallyRanks(rankDescending(top.confidences), top.correct);
      const expected: Metrics = {
        accuracy: accuracy(top),
        nll: negativeLogLikelihood(logits, labels, classes),
        brier: brierScore(probabilities, labels, classes),
        ece: ofTop("l1"),
        ece_debiased: ofTop("l2-debiased"),
        ece_classwise: classwiseCalibrationError(probabilities, labels, classes, binning),
        smooth_ece: smoothCalibrationError(top.confidences, top.correct).value,
        mce: ofTop("max"),
        auroc_error: auroc(ranking),
        aurc: aurc(ranking),
      };
      assertSame(defaultMetrics(forecasts, binning)(), expected, 1e-12);
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
      const measured = defaultMetrics(forecastsFromLogits({ logits, labels, classes }))(weights);
      const repeated = forecastsFromLogits(takeRows({ logits, labels, classes }, rows));
      // The debiased error is the root of what is left of two nearly equal squares.
      assertSame(measured, defaultMetrics(repeated)(), 1e-7);
    }),
    { seed: 6 },
  );
});

Deno.test("neither the order of the rows matters nor that of the classes", () => {
  fc.assert(
    fc.property(arbitrary, fc.nat({ max: 1000 }), ({ logits, labels, classes, binning }, seed) => {
      const random = randomStream(seed, "order");
      const expected = defaultMetrics(forecastsFromLogits({ logits, labels, classes }), binning)();
      const shuffled = takeRows({ logits, labels, classes }, random.shuffle([...labels.keys()]));
      assertSame(defaultMetrics(forecastsFromLogits(shuffled), binning)(), expected, 1e-7);

      if (logits.every(Number.isInteger)) return; // Of equal logits the first is chosen: there the order does matter.
      const place = random.shuffle(Array.from({ length: classes }, (_, c) => c));
      const renamed = {
        classes,
        labels: labels.map((label) => place.indexOf(label)),
        logits: logits.map((_, at) => logits[at - at % classes + place[at % classes]]),
      };
      assertSame(defaultMetrics(forecastsFromLogits(renamed), binning)(), expected, 1e-7);
    }),
    { seed: 6 },
  );
});

Deno.test("each lies in its range", () => {
  fc.assert(
    fc.property(arbitrary, ({ logits, labels, classes, binning }) => {
      const metrics = defaultMetrics(forecastsFromLogits({ logits, labels, classes }), binning)();
      for (const name of names) {
        const [lowest, highest] = metricRanges[name];
        if (Number.isNaN(metrics[name])) assert.equal(name, "auroc_error");
        else assert.ok(metrics[name] >= lowest - 1e-12 && metrics[name] <= highest + 1e-12, name);
      }
    }),
    { seed: 6 },
  );
});

Deno.test("a classifier that is certain and right has no error of any kind", () => {
  const certain = forecastsFromProbabilities(Float64Array.of(1, 0, 0, 1), Int32Array.of(0, 1), 2);
  const { accuracy, auroc_error, ...errors } = defaultMetrics(certain)();
  assert.equal(accuracy, 1);
  assert.ok(Number.isNaN(auroc_error));
  assertClose(Object.values(errors), Object.values(errors).map(() => 0), 0);
});

Deno.test("the calibration errors of calibrated predictions go to 0 as they grow in number", () => {
  const { logits, labels, classes } = calibratedPredictions(200_000, 3);
  const metrics = defaultMetrics(forecastsFromLogits({ logits, labels, classes }))();
  for (const name of ["ece", "ece_debiased", "ece_classwise", "smooth_ece"] as const) {
    assert.ok(metrics[name] < 0.006, `${name} ${metrics[name]}`);
  }
});

Deno.test("given probabilities are measured as they are, to the last digit: those on an edge keep their bins", () => {
  const given = Float64Array.of(0.95, 0.05, 0.9, 0.1, 0.85, 0.15, 0.55, 0.45, 0.5, 0.5);
  const labels = Int32Array.of(0, 1, 0, 0, 1);
  const forecasts = forecastsFromProbabilities(given, labels, 2);
  assert.equal(forecasts.probabilities, given);
  assertClose([defaultMetrics(forecasts)().ece], [0.41], 1e-12);
  assertClose([defaultMetrics(forecasts, authors)().ece], [0.35], 1e-6);
});

Deno.test("a true class of probability 0 has an infinite loss; a resample without it, a finite one", () => {
  const forecasts = forecastsFromProbabilities(Float64Array.of(1, 0, 0.5, 0.5), Int32Array.of(1, 0), 2);
  const measure = defaultMetrics(forecasts);
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
