import assert from "node:assert/strict";
import { join } from "node:path";
import { readCurve } from "../../src/report/results.ts";
import { meanCurves } from "../../src/report/training_curve.ts";
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
