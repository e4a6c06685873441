/** Variants over several seeds beside each other. */
import assert from "node:assert/strict";
import { meanLogits } from "../../src/calibration/predictions/ensemble.ts";
import { forecastsFromLogits } from "../../src/calibration/predictions/forecasts.ts";
import { figureNames, measureFigures } from "../../src/calibration/metrics/figures.ts";
import { softmax } from "../../src/calibration/predictions/softmax.ts";
import { applyTemperature } from "../../src/calibration/calibrators/temperature.ts";
import { compareVariants, type VariantRun } from "../../src/calibration/variants.ts";
import { InputError } from "../../src/errors.ts";
import { randomStream } from "../../src/random.ts";
import { assertClose } from "../close.ts";
import { calibratedPredictions } from "./synthetic.ts";

/**
 * A training's predictions: calibrated ones with logits divided by a temperature, and some noise of its own.
 */
function run(variant: string, seed: number, temperature: number): VariantRun {
  const random = randomStream(seed, variant);
  const predictions = (split: number) => {
    const sharpened = applyTemperature(calibratedPredictions(800, 2, split), temperature);
    return { ...sharpened, logits: sharpened.logits.map((logit) => logit + 0.2 * random.normal()) };
  };
  return { variant, seed, fit: predictions(1), measured: predictions(2) };
}

const seeds = [1, 2, 3];
const runs = [
  ...seeds.map((seed) => run("baseline", seed, 0.5)),
  ...seeds.map((seed) => run("twin", seed, 0.5)),
  ...seeds.map((seed) => run("honest", seed, 1)),
];
const options = {
  reference: "baseline",
  calibrators: ["temperature"],
  ensembles: ["baseline"],
  seed: 1,
  resamples: 300,
} as const;

Deno.test("variants are compared as trained and after each calibrator; an ensemble is a row more", () => {
  const standings = compareVariants(runs, options);
  const of = (variant: string, calibrator: string) =>
    standings.find((standing) => standing.variant === variant && standing.calibrator === calibrator)!;
  assert.deepEqual(standings.map(({ variant, calibrator, runs }) => [variant, calibrator, runs]), [
    ["baseline", "none", 3],
    ["baseline", "temperature", 3],
    ["twin", "none", 3],
    ["twin", "temperature", 3],
    ["honest", "none", 3],
    ["honest", "temperature", 3],
    ["baseline ensemble", "none", 1],
    ["baseline ensemble", "temperature", 1],
  ]);
  assert.equal(of("baseline", "none").difference, undefined);
  assert.equal(of("honest", "none").difference!.ece.verdict, "lower");
  assert.equal(of("honest", "none").difference!.nll.verdict, "lower");
  assert.equal(of("twin", "none").difference!.ece.verdict, "no evidence of a difference");
  // After temperature scaling nothing is left of the overconfidence.
  assert.equal(of("honest", "temperature").difference!.ece.verdict, "no evidence of a difference");
  assert.equal(of("baseline", "temperature").fits.length, 3);
});

Deno.test("a figure is the mean over seeds of each training's own", () => {
  const [baseline] = compareVariants(runs, options);
  const own = runs.slice(0, 3).map(({ measured }) =>
    measureFigures(forecastsFromLogits(measured), figureNames)()
  );
  for (const name of ["accuracy", "nll", "ece", "aurc"] as const) {
    assertClose([baseline.figures[name].value], [own.reduce((sum, one) => sum + one[name], 0) / 3], 1e-12);
  }
});

Deno.test("votes on three classes are figures of each variant, averaged over seeds", () => {
  const fit = calibratedPredictions(50, 3, 1);
  const predictions = calibratedPredictions(50, 3, 2);
  const votes = softmax(predictions.logits, 3);
  const measured = (temperature: number) => ({ ...applyTemperature(predictions, temperature), votes });
  const runs = [["baseline", 1, 2], ["baseline", 2, 3], ["honest", 1, 1], ["honest", 2, 1]] as const;
  const [baseline, honest] = compareVariants(
    runs.map(([variant, seed, temperature]) => ({ variant, seed, fit, measured: measured(temperature) })),
    { ...options, calibrators: [], ensembles: [] },
  );
  assertClose([honest.figures.votes_kl.value, honest.figures.votes_ece.value], [0, 0], 1e-14);
  const distance = [2, 3].map((temperature) =>
    softmax(measured(temperature).logits, 3).reduce((sum, p, at) => sum + Math.abs(p - votes[at]), 0) / 100
  );
  assertClose([baseline.figures.votes_total_variation.value], [(distance[0] + distance[1]) / 2], 1e-14);
  assert.equal(honest.difference!.votes_kl.verdict, "lower");
});

Deno.test("the order in which trainings come changes nothing but that of the variants", () => {
  const figures = (given: readonly VariantRun[]) =>
    new Map(compareVariants(given, options).map((one) => [`${one.variant} ${one.calibrator}`, one]));
  const [forward, backward] = [figures(runs), figures(runs.toReversed())];
  for (const [name, standing] of forward) assert.deepEqual(backward.get(name), standing);
});

Deno.test("an ensemble's probabilities are the means of its members'", () => {
  const members = [Float64Array.of(2, 0, -1, 1), Float64Array.of(-1, 0, 3, 3)];
  const [first, second] = members.map((logits) => softmax(logits, 2));
  assertClose(softmax(meanLogits(members, 2), 2), first.map((p, at) => (p + second[at]) / 2), 1e-15);
});

Deno.test("the mean of members that are too sure for float64 has finite logits", () => {
  const joint = meanLogits([Float64Array.of(2000, 0), Float64Array.of(3000, 0)], 2);
  assertClose(joint, [0, -2000 - Math.LN2], 1e-9); // (e^−2000 + e^−3000) / 2
});

const wrong: Readonly<Record<string, { readonly runs: readonly VariantRun[]; readonly message: RegExp }>> = {
  "a variant that lacks a seed": {
    runs: runs.slice(0, 5),
    message: /found twin with the seeds 1, 2.*1, 2, 3, as baseline/s,
  },
  "a training that comes twice": {
    runs: [...runs, ...runs.slice(3, 4)],
    message: /found twin with the seeds 1, 1, 2, 3.*each seed once/s,
  },
  "a reference that nobody evaluated": {
    runs: runs.slice(3),
    message: /found no evaluation of "baseline".*twin, honest/s,
  },
};

for (const [name, { runs, message }] of Object.entries(wrong)) {
  Deno.test(`refused: ${name}`, () => {
    assert.throws(() => compareVariants(runs, options), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, message);
      return true;
    });
  });
}
