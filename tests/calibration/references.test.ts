/** Every case of the reference values of published calibration code, each under the convention it states. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  calibrationError,
  type CalibrationErrorOptions,
  classwiseCalibrationError,
  type Norm,
} from "../../src/calibration/metrics/calibration_error.ts";
import { detection } from "../../src/calibration/metrics/out_of_distribution.ts";
import { measureFigures } from "../../src/calibration/metrics/figures.ts";
import { negativeLogLikelihood } from "../../src/calibration/metrics/proper_scores.ts";
import { forecastsFromProbabilities } from "../../src/calibration/predictions/forecasts.ts";
import { aurc, type AurcForm } from "../../src/calibration/metrics/rank_curves.ts";
import { rankDescending, tallyRanks } from "../../src/calibration/metrics/ranks.ts";
import { smoothCalibrationError } from "../../src/calibration/metrics/smooth_ece.ts";
import { applyTemperature, fitTemperature } from "../../src/calibration/calibrators/temperature.ts";
import { topLabel } from "../../src/calibration/metrics/top_label.ts";
import { assertClose } from "../close.ts";
import { fixture } from "../fixtures.ts";
import { predictionsOf } from "./synthetic.ts";

interface Case {
  readonly metric: string;
  readonly bins?: number;
  readonly binning?: "width" | "mass" | "distinct values";
  readonly edge?: "left" | "right";
  readonly probs?: readonly (readonly number[])[] | string;
  readonly p1?: readonly number[];
  readonly form?: AurcForm;
  readonly scores?: string;
  readonly logits?: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly expected: number | Readonly<Record<string, number>>;
  readonly tolerance?: number;
  readonly source: string;
}

const norms: readonly Norm[] = ["l1", "l2", "l2-debiased", "max"];

const stated: readonly Partial<Case>[] = JSON.parse(readFileSync(fixture("calibration.json"), "utf8")).cases;
const cases = stated.map((one) => ({ metric: "", labels: [], expected: NaN, source: "", ...one }));

Deno.test("every case is tested", () => {
  assert.deepEqual(cases.filter(({ metric }) => !(metric in checks)), []);
});

cases.forEach((reference, index) => {
  const { metric, bins, binning, edge, form, source } = reference;
  const convention = [bins && `${bins} bins`, binning, edge, form].filter(Boolean).join(", ");
  Deno.test(`case ${index + 1}: ${metric}${convention && ` (${convention})`} as by ${source}`, () =>
    checks[metric](reference));
});

const checks: Readonly<Record<string, (reference: Case) => void>> = {
  "ece": (reference) => {
    const { confidences, correct } = topLabel(...matrix(reference));
    checkNorms(
      reference,
      (norm) => calibrationError(confidences, correct, { ...convention(reference), norm }),
    );
  },

  "binary-ce": (reference) => {
    const { p1 = [], labels } = reference;
    const [probabilities, outcomes] = [Float64Array.from(p1), Uint8Array.from(labels)];
    checkNorms(
      reference,
      (norm) => calibrationError(probabilities, outcomes, { ...convention(reference), norm }),
    );
  },

  "class-wise and top": (reference) => {
    const [probabilities, labels, classes] = matrix(reference);
    const { confidences, correct } = topLabel(probabilities, labels, classes);
    const options = convention(reference);
    check(reference, {
      "class-wise l1": classwiseCalibrationError(probabilities, labels, classes, options)(),
      "top l1": calibrationError(confidences, correct, options),
      "class-wise l2 debiased": classwiseCalibrationError(probabilities, labels, classes, {
        ...options,
        norm: "l2-debiased",
      })(),
    });
  },

  "brier": (reference) =>
    check(reference, measureFigures(forecastsFromProbabilities(...matrix(reference)), ["brier"])().brier),

  "temperature by NLL": (reference) => {
    const predictions = predictionsOf(reference.logits ?? [], reference.labels);
    const nll = ({ logits, labels, classes } = predictions) => negativeLogLikelihood(logits, labels, classes);
    const { value, atBound } = fitTemperature(predictions);
    check(reference, {
      temperature: value,
      nll: nll(applyTemperature(predictions, value)),
      "nll at T=1": nll(),
    });
    assert.equal(atBound, false);
  },

  "ece, float width": (reference) => {
    const { confidences, correct } = topLabel(...matrix(reference));
    const withPrecision = (precision: "float64" | "float32") =>
      calibrationError(confidences, correct, { ...convention(reference), precision });
    check(reference, { float64: withPrecision("float64"), float32: withPrecision("float32") });
  },

  "aurc": (reference) => {
    const { p1 = [], labels, form } = reference;
    const probabilities = Float64Array.from(p1.flatMap((p) => [1 - p, p]));
    const { confidences, correct } = topLabel(probabilities, Int32Array.from(labels), 2);
    check(reference, aurc(tallyRanks(rankDescending(confidences), correct), form));
  },

  "fpr at 95% tpr": (reference) => {
    const [inside, outside] = (reference.scores ?? "").split("in-distribution").map(repeated);
    check(reference, detection(inside, outside)().falsePositiveRate95);
  },

  "smooth ece": (reference) => {
    const { p1 = [], labels } = reference;
    const error = (bandwidth?: number) =>
      smoothCalibrationError(Float64Array.from(p1), labels, { bandwidth })().value;
    check(reference, { "automatic bandwidth": error(), "sigma 0.05": error(0.05) });
  },
};

/** As many bins of equal mass as there are examples make one of each distinct value. */
function convention({ bins, binning, edge, labels }: Case): CalibrationErrorOptions {
  return binning === "distinct values" ? { binning: "mass", bins: labels.length } : { bins, binning, edge };
}

function checkNorms(reference: Case, measure: (norm: Norm) => number): void {
  if (typeof reference.expected === "number") return check(reference, measure("l1"));
  const named = norms.map((norm) => [norm.replace("-", " "), measure(norm)] as const);
  check(reference, Object.fromEntries(named.filter(([name]) => name in Object(reference.expected))));
}

/** Six decimals are what the cases without a tolerance are written to. */
function check({ expected, tolerance = 1e-6 }: Case, actual: Case["expected"]): void {
  if (typeof expected === "number" || typeof actual === "number") {
    return assertClose([Number(actual)], [Number(expected)], tolerance);
  }
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  const names = Object.keys(expected);
  assertClose(names.map((name) => actual[name]), names.map((name) => expected[name]), tolerance);
}

/** The probabilities, labels and number of classes; `"[0.6,0.4] x3, …"` stands for so many equal rows. */
function matrix({ probs = [], labels }: Case): [Float64Array, Int32Array, number] {
  const rows: readonly (readonly number[])[] = typeof probs === "string"
    ? [...probs.matchAll(/(\[[^\]]*\]) x(\d+)/g)].flatMap(([, row, times]) =>
      Array.from({ length: Number(times) }, (): number[] => JSON.parse(row))
    )
    : probs;
  return [Float64Array.from(rows.flat()), Int32Array.from(labels), rows[0].length];
}

/** `"0.9 x100, 0.8 x50"` stands for a hundred values of 0.9 and fifty of 0.8. */
function repeated(text: string): Float64Array {
  const groups = [...text.matchAll(/([\d.]+) x(\d+)/g)];
  return Float64Array.from(
    groups.flatMap(([, value, times]) => new Array<number>(Number(times)).fill(Number(value))),
  );
}
