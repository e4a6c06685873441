import assert from "node:assert/strict";
import { abstention, binomialTail } from "../../src/calibration/abstention.ts";
import { InputError } from "../../src/errors.ts";
import { randomStream } from "../../src/random.ts";
import { assertClose } from "../close.ts";

Deno.test("binomial tails are SciPy's", () => {
  // [scipy.stats.binom.cdf(k, n, p) for k, n, p in …]
  const expected = [
    [0, 297, 0.02, 0.0024782463811331007],
    [3, 500, 0.02, 0.009812155535351138],
    [40, 1000, 0.05, 0.0806365732566911],
    [10, 10, 0.3, 1],
    [0, 0, 0.3, 1],
  ];
  for (const [k, n, p, tail] of expected) assertClose([binomialTail(k, n, p)], [tail], 1e-9);
  assertClose([binomialTail(4000, 100_000, 0.04)], [0.504205962517783], 1e-9);
});

/** Draws labelled answers of a calibrated classifier: one of confidence c is right with probability c. */
function drawAnswers(n: number, seed: number) {
  const random = randomStream(seed, "answers");
  const confidence = Array.from({ length: n }, () => 1 - random.next() ** 2 / 2);
  return { confidence, right: confidence.map((one) => random.next() < one ? 1 : 0) };
}

Deno.test("the error above the threshold is at most what was asked for, in all but 5 % of draws", () => {
  // Confidences above t are 1 − u²/2 with u below √(2(1 − t)), so their mean error is (1 − t) / 3.
  const [maxError, draws] = [0.1, 200];
  const thresholds = Array.from(
    { length: draws },
    (_, seed) => abstention(drawAnswers(1500, seed), maxError).threshold,
  );
  const broken = thresholds.filter((threshold) => (1 - threshold) / 3 > maxError).length;
  assert.ok(broken <= 0.05 * draws, `${broken} of ${draws}`);
  const most = Math.sqrt(2 * (1 - (1 - 3 * maxError))); // the share of texts that the best threshold answers
  const mean = thresholds.reduce((sum, one) => sum + Math.sqrt(2 * (1 - one)) / draws, 0);
  assert.ok(mean > most / 2, `it answers ${mean} of ${most}`);
});

Deno.test("where all answers are good enough, none is abstained from", () => {
  const right = new Array(500).fill(1);
  assert.deepEqual(abstention({ confidence: right.map((_, i) => 0.5 + i / 1000), right }, 0.02), {
    threshold: 0,
    coverage: 1,
    error: 0,
  });
});

Deno.test("equal confidences are answered together or not at all", () => {
  const confidence = Array.from({ length: 1000 }, (_, i) => i < 520 ? 0.9 : 0.6);
  const right = confidence.map((one, i) => one > 0.7 || i % 2 ? 1 : 0);
  const { threshold, coverage } = abstention({ confidence, right }, 0.02);
  assert.deepEqual([threshold, coverage], [0.6, 0.52]);
});

Deno.test("too few examples are refused, with the error that they are evidence for", () => {
  const few = { confidence: new Array(100).fill(0.9), right: new Array(100).fill(1) };
  assert.throws(
    () => abstention(few, 0.02),
    (error) =>
      error instanceof InputError &&
      /evidence for an error of at most 0\.02, expected an error of 0\.06 or more/.test(error.message),
  );
  assert.equal(abstention(few, 0.06).coverage, 1);
  assert.throws(() => abstention({ confidence: [0.9], right: [1] }, 0.02), /expected more labelled texts/);
});
