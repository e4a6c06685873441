import assert from "node:assert/strict";
import { weightedTerm } from "../../src/report/loss_shares.ts";

Deno.test("the gradient's share of a term has its weight, which the loss tells", () => {
  // The first step of a training with energyWeight: 0.1, as finetune logged it
  const record = {
    step: 1,
    loss: 0.8472335338592529,
    crossEntropy: 0.6997454166412354,
    noiseContrast: 1.4748814105987549,
    crossEntropyNorm: 0.7686878442764282,
    noiseContrastNorm: 1.011879324913025,
  };
  const expected = 0.1 * record.noiseContrastNorm /
    (0.1 * record.noiseContrastNorm + record.crossEntropyNorm);
  const { noiseContrastNorm: _, ...unmeasured } = { ...record, step: 2 };
  const { name, shares } = weightedTerm([record, unmeasured])!;
  assert.equal(name, "noiseContrast");
  assert.deepEqual(shares.map(({ step }) => step), [1]);
  assert.ok(Math.abs(shares[0].share - expected) < 1e-7);
});

Deno.test("a loss of one term has no shares, nor one whose term is 0", () => {
  assert.equal(weightedTerm([{ step: 1, loss: 1, crossEntropy: 1, crossEntropyNorm: 2 }]), undefined);
  assert.equal(weightedTerm([{ step: 1, loss: 1, crossEntropy: 1, calibration: 0 }]), undefined);
  assert.equal(weightedTerm([]), undefined);
});
