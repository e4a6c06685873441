import assert from "node:assert/strict";
import { aurc } from "../../../src/calibration/metrics/rank_curves.ts";
import { rankDescending, tallyRanks } from "../../../src/calibration/metrics/ranks.ts";
import { riskCoverage } from "../../../src/calibration/metrics/risk_coverage.ts";
import { randomStream } from "../../../src/random.ts";
import { mean } from "../../../src/statistics.ts";

Deno.test("the risks at all coverages have the area under the curve as their mean, also where confidences are equal", () => {
  const random = randomStream(1, "risk coverage test");
  for (const steps of [3, 20, 1e9]) {
    const confidences = Float64Array.from({ length: 101 }, () => Math.round(random.next() * steps) / steps);
    const correct = Uint8Array.from(confidences, (confidence) => random.next() < confidence ? 1 : 0);
    const tally = tallyRanks(rankDescending(confidences), correct);
    const curve = riskCoverage(tally, 101);
    assert.ok(Math.abs(mean(curve.map(({ risk }) => risk)) - aurc(tally)) < 1e-12);
    assert.equal(curve.at(-1)?.coverage, 1);
    assert.ok(Math.abs(curve.at(-1)!.risk - (1 - mean(correct))) < 1e-12);
  }
});

Deno.test("more points than examples repeat the most confident one's risk", () => {
  const curve = riskCoverage({ positives: Int32Array.of(0, 1), negatives: Int32Array.of(1, 0) }, 8);
  assert.deepEqual(curve.map(({ risk }) => risk), [1, 1, 1, 1, 1, 0.5, 0.5, 0.5]);
});
