/** What is counted from shapes, beside the matrix products that TensorFlow reports of the step that it ran. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { classifierStepFlops } from "../../src/ebm/classifier_program.ts";
import { batchSize } from "../../src/nn/flops.ts";
import { temporaryFolder } from "../runtime/setup/tools.ts";
import { tinyConfig, tinyContrast, tinyShape, trainTinyClassifier } from "../tiny_classifier.ts";

interface TraceEvent {
  readonly cat?: string;
  readonly args: { readonly flops?: number };
}

/** The floating-point operations of the matrix products of one training step on texts of these lengths. */
async function computed(lengths: readonly number[]): Promise<number> {
  using folder = temporaryFolder();
  await trainTinyClassifier(lengths, 4, folder.path); // the fourth step is traced
  const trace = JSON.parse(Deno.readTextFileSync(join(folder.path, "trace.json")));
  return (trace.traceEvents as TraceEvent[])
    .filter(({ cat }) => cat === "train")
    .reduce((total, { args }) => total + (args.flops ?? 0), 0);
}

/** What is counted of the same step. */
function counted(lengths: readonly number[]): number {
  const { data, noise } = tinyContrast(lengths);
  return classifierStepFlops(tinyShape, batchSize([...data, ...data, ...noise]));
}

Deno.test("of texts of one length every product of a training step is counted, and no other", async () => {
  assert.equal(await computed([8, 8, 8, 8]), counted([8, 8, 8, 8]));
});

Deno.test("of texts of several lengths the step computes only the attention of padding besides", async () => {
  const lengths = [3, 9, 7, 8];
  const [rows, longest] = [3 * lengths.length, 9];
  const { tokens, tokenPairs } = batchSize(
    [lengths, lengths, lengths].flat().map((length) => ({ ids: { length } })),
  );
  const { layers, hiddenSize } = tinyConfig;
  // All but the last layer let every token see every place; in the last, the first token of each row does.
  const paddedPairs = (layers - 1) * (rows * longest ** 2 - tokenPairs) + (rows * longest - tokens);
  const padding = 3 * 2 * 2 * paddedPairs * hiddenSize;
  const both = await computed(lengths);

  assert.equal(both, counted(lengths) + padding);
  assert.ok(padding < 0.05 * both, "a few percent");
});
