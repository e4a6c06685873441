import assert from "node:assert/strict";
import { pearson, spearman } from "../../src/analysis/correlation.ts";
import { rankDescending } from "../../src/calibration/metrics/ranks.ts";
import { coarse, v, w, y } from "../calibration/reference_data.ts";
import { assertClose } from "../close.ts";

const right = Float64Array.from(y);
const ranked = (a: Float64Array, b: Float64Array, weights?: Int32Array) =>
  spearman(rankDescending(a), rankDescending(b), weights);

Deno.test("correlations as by SciPy 1.17.1, with ties", () => {
  assertClose(
    [pearson(coarse, v), pearson(coarse, right)],
    [-0.022419780468136953, 0.6191407444375086],
    1e-14,
  );
  assertClose([ranked(coarse, v), ranked(coarse, right)], [-0.022450763965907394, 0.6191411214352454], 1e-14);
});

Deno.test("a weight is as good as so many equal examples, ranked anew", () => {
  assertClose([pearson(coarse, v, w)], [-0.01856506122152758], 1e-14); // pearsonr(np.repeat(coarse, w), …)
  assertClose(
    [ranked(coarse, v, w), ranked(coarse, right, w)],
    [-0.02042525519892418, 0.6250080471604107],
    1e-14,
  );
});

Deno.test("a constant goes with nothing: no number", () => {
  const constant = new Float64Array(v.length).fill(0.1);
  assert.ok(Number.isNaN(pearson(constant, v)));
  assert.ok(Number.isNaN(ranked(v, constant)));
});

Deno.test("ranks make any rising function of a value go with it fully, and a falling one against it", () => {
  assertClose(
    [ranked(v, v.map((one) => Math.exp(9 * one))), ranked(v, v.map((one) => -(one ** 3)))],
    [1, -1],
    1e-12,
  );
});
