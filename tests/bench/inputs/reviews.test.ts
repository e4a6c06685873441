import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { classifierSteps, groupedSteps, readReviews } from "../../../bench/inputs/reviews.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

Deno.test("grouped batches hardly need padding, and together are as long as the reviews", async () => {
  const splits = await readReviews({ root });
  const checkpoint = join(root, "artifacts/setup/minilm-l6");
  const steps = await groupedSteps({ checkpoint }, splits.train, 16, 3);
  assert.equal(steps.length, 9);
  const lengths = steps.flatMap(({ batches }) =>
    batches.map(({ texts }) => texts.map(({ length }) => length))
  );
  assert.ok(lengths.every(({ length }) => length === 16));
  const tokens = lengths.flat().reduce((total, length) => total + length, 0);
  assert.equal(tokens, steps.reduce((total, step) => total + step.tokens, 0));
  const padded = lengths.reduce((total, batch) => total + 16 * Math.max(...batch), 0);
  assert.ok(padded / tokens < 1.08, `${padded} tokens with padding, ${tokens} without`);
  const { ours } = await classifierSteps({ checkpoint }, splits, 16, 3);
  const drawn = ours.reduce((total, step) => total + step.tokens, 0);
  assert.ok(Math.abs(tokens / drawn - 1) < 0.05, `${tokens} tokens in groups, ${drawn} as drawn`);

  for (const { batches: [labelled, ...others] } of steps) {
    assert.equal(labelled.labels?.length, 16);
    assert.ok(others.every(({ labels }) => labels === undefined));
  }
});
