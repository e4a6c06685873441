import assert from "node:assert/strict";
import fc from "fast-check";
import {
  aurc,
  auroc,
  averagePrecision,
  falsePositiveRate,
} from "../../../src/calibration/metrics/rank_curves.ts";
import { rankDescending, type RankTally, tallyRanks } from "../../../src/calibration/metrics/ranks.ts";
import { softmax } from "../../../src/calibration/predictions/softmax.ts";
import { topLabel } from "../../../src/calibration/metrics/top_label.ts";
import { assertClose } from "../../close.ts";
import { coarse, threeClasses, w, y } from "../reference_data.ts";

const tallied = (scores: readonly number[], positive: readonly boolean[]): RankTally =>
  tallyRanks(rankDescending(Float64Array.from(scores)), Uint8Array.from(positive, Number));

Deno.test("figures of scikit-learn 1.9.1 on scores with ties", () => {
  const ranks = rankDescending(coarse);
  // roc_auc_score(y, coarse), average_precision_score(y, coarse)
  const tally = tallyRanks(ranks, y);
  assertClose([auroc(tally), averagePrecision(tally)], [0.8793050040832417, 0.7772029982554847], 1e-14);
  // fpr, tpr, _ = roc_curve(y, coarse, drop_intermediate=False); fpr[np.argmax(tpr >= 0.95)]
  assertClose([falsePositiveRate(tally)], [0.45318352059925093], 1e-15);
  // The first two again with sample_weight=w
  const weighted = tallyRanks(ranks, y, w);
  assertClose([auroc(weighted), averagePrecision(weighted)], [0.8836185235438967, 0.7824734212916171], 1e-14);
});

Deno.test("error detection of a classifier of three classes, as by scikit-learn and NumPy", () => {
  const { logits, labels, classes } = threeClasses;
  const { confidences, correct } = topLabel(softmax(logits, classes), labels, classes);
  const tally = tallyRanks(rankDescending(confidences), correct);
  // roc_auc_score(correct, confidence)
  // risks = np.cumsum(~correct[np.argsort(-confidence)]) / i; risks.mean();
  // np.trapezoid(risks, i / n) / (1 - 1 / n)
  const expected = [0.5056980056980058, 0.6712447002560654, 0.6720811531389125];
  assertClose([auroc(tally), aurc(tally), aurc(tally, "trapezoid")], expected, 1e-14);
});

const scored = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.boolean()), { minLength: 1, maxLength: 30 });

Deno.test("AUROC is the share of pairs in the right order, equal scores counting half", () => {
  fc.assert(
    fc.property(scored, (examples) => {
      const [positives, negatives] = [true, false].map((is) =>
        examples.filter(([, positive]) => positive === is)
      );
      const won = positives.flatMap(([a]) => negatives.map(([b]) => a > b ? 1 : a === b ? 0.5 : 0));
      const expected = won.reduce((total: number, one) => total + one, 0) / won.length;
      const measured = auroc(tallied(examples.map(([score]) => score), examples.map(([, is]) => is)));
      if (won.length === 0) assert.ok(Number.isNaN(measured));
      else assertClose([measured], [expected], 1e-14);
    }),
    { seed: 6 },
  );
});

Deno.test("AURC is the mean over all orders of equal confidences", () => {
  // Confidences 0.9, 0.8, 0.8, 0.8 and one error: alone first, or in each place among the other three.
  const confidences = [0.9, 0.8, 0.8, 0.8];
  const risks = [[0, 1 / 2, 1 / 3, 1 / 4], [0, 0, 1 / 3, 1 / 4], [0, 0, 0, 1 / 4]];
  const expected = risks.flat().reduce((total, risk) => total + risk, 0) / 12;
  for (const error of [1, 2, 3]) {
    assertClose([aurc(tallied(confidences, confidences.map((_, i) => i !== error)))], [expected], 1e-15);
  }
});

Deno.test("both forms of AURC lie between 0 and 1, and are 0 without errors and 1 without anything else", () => {
  fc.assert(
    fc.property(scored, (examples) => {
      const tally = tallied(examples.map(([score]) => score), examples.map(([, positive]) => positive));
      for (const form of ["mean of selective risks", "trapezoid"] as const) {
        if (examples.length === 1 && form === "trapezoid") continue;
        const area = aurc(tally, form);
        assert.ok(area > -1e-12 && area < 1 + 1e-12, String(area));
        if (examples.every(([, positive]) => positive)) assertClose([area], [0], 1e-12);
        if (examples.every(([, positive]) => !positive)) assertClose([area], [1], 1e-12);
      }
    }),
    { seed: 6 },
  );
});

Deno.test("a weight is as good as so many equal examples", () => {
  const weighted = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.boolean(), fc.nat({ max: 3 })), { minLength: 1 });
  fc.assert(
    fc.property(weighted, (examples) => {
      const scores = Float64Array.from(examples, ([score]) => score);
      const weights = Int32Array.from(examples, ([, , weight]) => weight);
      const tally = tallyRanks(
        rankDescending(scores),
        Uint8Array.from(examples, ([, is]) => Number(is)),
        weights,
      );
      const repeated = examples.flatMap(([score, is, weight]) => new Array(weight).fill({ score, is }));
      const expected = tallied(repeated.map(({ score }) => score), repeated.map(({ is }) => is));
      for (const figure of [auroc, averagePrecision, falsePositiveRate, aurc]) {
        const [one, other] = [figure(tally), figure(expected)];
        if (!Number.isNaN(one) || !Number.isNaN(other)) assertClose([one], [other], 1e-12);
      }
    }),
    { seed: 6 },
  );
});
