import assert from "node:assert/strict";
import { detection, familiarity } from "../../../src/calibration/metrics/out_of_distribution.ts";
import { assertClose } from "../../close.ts";
import { coarse, threeClasses, w, y } from "../reference_data.ts";

const inside = coarse.filter((_, i) => y[i] === 1);
const outside = coarse.filter((_, i) => y[i] === 0);

Deno.test("detection as by scikit-learn 1.9.1, with ties", () => {
  const { auroc, auprIn, auprOut, falsePositiveRate95 } = detection(inside, outside)();
  // roc_auc_score(y, coarse), average_precision_score(y, coarse), average_precision_score(1 - y, -coarse)
  assertClose([auroc, auprIn, auprOut], [0.8793050040832417, 0.7772029982554847, 0.9361402860080364], 1e-14);
  assertClose([falsePositiveRate95], [0.45318352059925093], 1e-15);
});

Deno.test("weights are those of the texts inside, followed by those outside", () => {
  const weights = Int32Array.from([...w.filter((_, i) => y[i] === 1), ...w.filter((_, i) => y[i] === 0)]);
  const { auroc, auprIn } = detection(inside, outside)(weights);
  assertClose([auroc, auprIn], [0.8836185235438967, 0.7824734212916171], 1e-14); // sample_weight=w
});

Deno.test("scores that tell nothing, everything, and everything the wrong way round", () => {
  const [low, high] = [Float64Array.of(1, 2), Float64Array.of(3, 4)];
  assert.deepEqual(detection(high, low)(), { auroc: 1, auprIn: 1, auprOut: 1, falsePositiveRate95: 0 });
  assert.deepEqual(detection(low, low)().auroc, 0.5);
  const { auroc, falsePositiveRate95 } = detection(low, high)();
  assert.deepEqual({ auroc, falsePositiveRate95 }, { auroc: 0, falsePositiveRate95: 1 });
});

Deno.test("the four scores of a text, as by NumPy and SciPy: −entropy, logsumexp", () => {
  const { maximumProbability, maximumLogit, entropy, energy } = familiarity(threeClasses.logits, 3);
  assertClose(entropy.slice(0, 3), [-0.7784546692818, -0.8559088214694363, -0.9940185002547265], 1e-14);
  assertClose(energy.slice(0, 3), [3.80395815678803, 3.264763473333807, 4.041882459060641], 1e-14);
  for (let i = 0; i < 3; i++) {
    const row = threeClasses.logits.subarray(3 * i, 3 * i + 3);
    assert.equal(maximumLogit[i], Math.max(...row));
    assertClose([maximumProbability[i]], [Math.exp(Math.max(...row) - energy[i])], 1e-15);
  }
});

Deno.test("scores stay finite where probabilities vanish", () => {
  const { maximumProbability, entropy, energy } = familiarity(Float64Array.of(2000, -2000), 2);
  assert.deepEqual([maximumProbability[0], entropy[0], energy[0]], [1, 0, 2000]);
});
