import assert from "node:assert/strict";
import { calibrationError } from "../../../src/calibration/metrics/calibration_error.ts";
import { binaryVotes, measureVotes } from "../../../src/calibration/metrics/vote_figures.ts";
import { assertClose } from "../../close.ts";
import { u, v } from "../reference_data.ts";

Deno.test("predictions against votes, as by SciPy 1.17.1 and NumPy", () => {
  // pb, q = np.stack([1 - u, u], 1), np.stack([1 - v, v], 1)
  // kl = np.mean([entropy(a, b) for a, b in zip(q, pb)])
  // kl + np.mean([entropy(a) for a in q]); kl; np.abs(q - pb).sum(1).mean() / 2
  // b = np.ceil(u * 20).astype(int); sum(abs(u[b == k].sum() - v[b == k].sum()) for k in range(1, 21)) / n
  const figures = measureVotes(binaryVotes(u).map(Math.log), binaryVotes(v), 2)();
  assertClose([figures.votes_cross_entropy], [1.0041163819581582], 1e-13);
  assertClose([figures.votes_kl], [0.5034809042819757], 1e-13);
  assertClose([figures.votes_total_variation], [0.3372118155473746], 1e-14);
  assertClose([figures.votes_ece], [0.2582076334058925], 1e-14);
});

Deno.test("who predicts the votes is at no distance, and as unsure as the people are", () => {
  const votes = binaryVotes(Float64Array.of(0, 0.2, 0.5, 1));
  const { votes_cross_entropy, votes_kl, votes_total_variation, votes_ece } = measureVotes(
    votes.map(Math.log),
    votes,
    2,
  )();
  assertClose([votes_kl, votes_total_variation, votes_ece], [0, 0, 0], 1e-15);
  const entropy = (p: number) => -p * Math.log(p) - (1 - p) * Math.log(1 - p);
  assertClose([votes_cross_entropy], [(entropy(0.2) + entropy(0.5)) / 4], 1e-15);
});

Deno.test("votes that all agree are labels: the errors are those of labels", () => {
  const labels = v.map(Math.round);
  const { votes_ece, votes_kl, votes_cross_entropy } = measureVotes(
    binaryVotes(u).map(Math.log),
    binaryVotes(labels),
    2,
  )();
  assert.equal(votes_kl, votes_cross_entropy);
  assertClose([votes_ece], [calibrationError(u, labels)], 1e-14);
});

Deno.test("a weight is as good as so many equal texts", () => {
  const measure = measureVotes(
    Float64Array.of(0.9, 0.1, 0.4, 0.6).map(Math.log),
    binaryVotes(Float64Array.of(0.2, 1)),
    2,
  );
  const repeated = measureVotes(
    Float64Array.of(0.9, 0.1, 0.4, 0.6, 0.4, 0.6).map(Math.log),
    binaryVotes(Float64Array.of(0.2, 1, 1)),
    2,
  );
  assertClose(Object.values(measure(Int32Array.of(1, 2))), Object.values(repeated()), 1e-15);
});
