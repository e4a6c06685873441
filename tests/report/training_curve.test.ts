import assert from "node:assert/strict";
import { join } from "node:path";
import { readCurve } from "../../src/report/results.ts";
import { meanCurves, smoothedLosses } from "../../src/report/training_curve.ts";
import { messageFor, withFiles } from "../data/files.ts";

Deno.test("a variant's curve is the mean over its trainings, of the steps and figures that all of them have", () => {
  const curves = meanCurves([
    { variant: "baseline", curve: [{ step: 100, nll: 0.5 }] },
    { variant: "scalar", curve: [{ step: 100, nll: 0.5, ece: 0.1 }, { step: 200, nll: 0.4, ece: 0.2 }] },
    { variant: "scalar", curve: [{ step: 100, nll: 0.7 }, { step: 200, nll: 0.5, ece: 0.4 }] },
    { variant: "scalar", curve: [{ step: 100, nll: 0.9 }] },
  ]);
  const [baseline, scalar] = curves;
  assert.deepEqual(baseline, { variant: "baseline", points: [{ step: 100, nll: 0.5 }] });
  assert.equal(scalar.points.length, 1);
  assert.deepEqual(Object.keys(scalar.points[0]), ["step", "nll"]);
  assert.ok(Math.abs(scalar.points[0].nll - 0.7) < 1e-15);
});

Deno.test("a curve is read line by line; what finetune doesn't write is refused", async () => {
  await withFiles({ "tune.jsonl": '{"step":100,"nll":0.5}\n{"step":200,"nll":0.4}\n' }, async (folder) => {
    const expected = [{ step: 100, nll: 0.5 }, { step: 200, nll: 0.4 }];
    assert.deepEqual(await readCurve(join(folder, "tune.jsonl")), expected);
  });
  const read = (folder: string) => readCurve(join(folder, "tune.jsonl"));
  assert.match(await messageFor({ "tune.jsonl": '{"step":0}\n' }, read), /^tune\.jsonl: found 0\.step: /);
});

Deno.test("losses are means of a 40th of the steps each, and norms of those that were measured", () => {
  // Steps 1, 3, 5, … are measured; windows have two steps of 80.
  const records = Array.from({ length: 5 }, (_, at) => ({
    step: at + 1,
    learningRate: 1,
    loss: at,
    crossEntropy: 10 * at,
    ...(at % 2 === 0 ? { crossEntropyNorm: 100 + at } : {}),
  }));
  assert.deepEqual(smoothedLosses(records, 80), [
    { loss: 0.5, crossEntropy: 5, crossEntropyNorm: 100, step: 1 },
    { loss: 2.5, crossEntropy: 25, crossEntropyNorm: 102, step: 3 },
    { loss: 4, crossEntropy: 40, crossEntropyNorm: 104, step: 5 },
  ]);
  const [first, second] = smoothedLosses(records, 120);
  assert.deepEqual(first, { loss: 1, crossEntropy: 10, crossEntropyNorm: 101, step: 2 });
  assert.deepEqual(second, { loss: 3.5, crossEntropy: 35, crossEntropyNorm: 104, step: 5 });
  assert.deepEqual(smoothedLosses(records, 5).map(({ step }) => step), [1, 2, 3, 4, 5]);
  // The last window of 161 steps holds one of its five.
  assert.equal(smoothedLosses([...records, { ...records[0], step: 161 }], 161).at(-1)!.step, 161);
});
