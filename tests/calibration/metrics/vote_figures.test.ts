import assert from "node:assert/strict";
import { calibrationError } from "../../../src/calibration/metrics/calibration_error.ts";
import { measureVotes } from "../../../src/calibration/metrics/vote_figures.ts";
import { logSoftmax } from "../../../src/calibration/predictions/softmax.ts";
import { assertClose } from "../../close.ts";
import { threeClasses, u, v } from "../reference_data.ts";

/** The distribution over two classes, given the probability of class 1. [n] → [n × 2] */
const ofTwo = (shares: Float64Array) => Float64Array.from([...shares].flatMap((share) => [1 - share, share]));

Deno.test("predictions against votes, as by SciPy 1.17.1 and NumPy", () => {
  // pb, q = np.stack([1 - u, u], 1), np.stack([1 - v, v], 1)
  // kl = np.mean([entropy(a, b) for a, b in zip(q, pb)])
  // kl + np.mean([entropy(a) for a in q]); kl; np.abs(q - pb).sum(1).mean() / 2
  // b = np.ceil(u * 20).astype(int); sum(abs(u[b == k].sum() - v[b == k].sum()) for k in range(1, 21)) / n
  const figures = measureVotes(ofTwo(u).map(Math.log), ofTwo(v), 2)();
  assertClose([figures.votes_cross_entropy], [1.0041163819581582], 1e-13);
  assertClose([figures.votes_kl], [0.5034809042819757], 1e-13);
  assertClose([figures.votes_total_variation], [0.3372118155473746], 1e-14);
  assertClose([figures.votes_ece], [0.2582076334058925], 1e-14);
});

Deno.test("predictions of three classes against the votes of five people, as by SciPy 1.17.1 and NumPy", () => {
  // chosen = np.floor(3 * (i[:, None] * np.arange(1, 6) * 0.7548776662466927 % 1)).astype(int)
  // q = np.stack([(chosen == c).mean(1) for c in range(3)], 1)
  // kl = entropy(q, p, axis=1).mean(); kl + entropy(q, axis=1).mean(); np.abs(q - p).sum(1).mean() / 2
  // b = np.ceil(p * 20).astype(int)
  // gap = lambda c, k: abs(p[b[:, c] == k, c].sum() - q[b[:, c] == k, c].sum()) / n
  // np.mean([sum(gap(c, k) for k in range(1, 21)) for c in range(3)])
  const { logits, classes } = threeClasses;
  const votes = new Float64Array(logits.length);
  for (let i = 1; i <= votes.length / classes; i++) {
    for (const person of [1, 2, 3, 4, 5]) {
      votes[(i - 1) * classes + Math.floor(3 * (i * person * 0.7548776662466927 % 1))] += 1 / 5;
    }
  }
  const figures = measureVotes(logSoftmax(logits, classes), votes, classes)();
  assertClose([figures.votes_cross_entropy], [1.3744888786769875], 1e-13);
  assertClose([figures.votes_kl], [0.543487240432819], 1e-13);
  assertClose([figures.votes_total_variation], [0.385209673195193], 1e-14);
  assertClose([figures.votes_ece], [0.1832750527111555], 1e-14);
});

Deno.test("who predicts the votes is at no distance, and as unsure as the people are", () => {
  const votes = ofTwo(Float64Array.of(0, 0.2, 0.5, 1));
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
    ofTwo(u).map(Math.log),
    ofTwo(labels),
    2,
  )();
  assert.equal(votes_kl, votes_cross_entropy);
  assertClose([votes_ece], [calibrationError(u, labels)], 1e-14);
});

Deno.test("a weight is as good as so many equal texts", () => {
  const measure = measureVotes(
    Float64Array.of(0.9, 0.1, 0.4, 0.6).map(Math.log),
    ofTwo(Float64Array.of(0.2, 1)),
    2,
  );
  const repeated = measureVotes(
    Float64Array.of(0.9, 0.1, 0.4, 0.6, 0.4, 0.6).map(Math.log),
    ofTwo(Float64Array.of(0.2, 1, 1)),
    2,
  );
  assertClose(Object.values(measure(Int32Array.of(1, 2))), Object.values(repeated()), 1e-15);
});
