/**
 * Tests training steps in parts, each on a thread of its own. A process has a fixed number of threads, so
 * each training is a process.
 */
import assert from "node:assert/strict";
import { predictorProgram } from "../../../src/ebm/classifier/program.ts";
import { predictSequences } from "../../../src/ebm/classifier/predict.ts";
import { openSession } from "../../../src/runtime/session.ts";
import { assertClose } from "../../close.ts";
import { randomWeights, tinyContrast, tinyShape } from "../../tiny_classifier.ts";
import { scratch } from "../../scratch.ts";

interface Trained {
  readonly steps: readonly (readonly number[])[];
  readonly weights: readonly (readonly number[])[];
  readonly names: readonly string[];
}

/** Trains the tiny classifier for three steps on texts of several lengths. */
async function train(parts: number, dropout: number): Promise<Trained> {
  const program = `
    import { tinyConfig, trainTinyClassifier } from ${
    JSON.stringify(import.meta.resolve("../../tiny_classifier.ts"))
  };
    import { withDropout } from ${JSON.stringify(import.meta.resolve("../../../src/nn/config.ts"))};
    const config = withDropout(tinyConfig, ${dropout});
    const { steps, weights, names } = await trainTinyClassifier([3, 9, 7, 8], 3, undefined, config, ${parts});
    const [listedSteps, listedWeights] = [steps, weights].map((arrays) => arrays.map((each) => [...each]));
    console.log(JSON.stringify({ steps: listedSteps, weights: listedWeights, names }));
  `;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", program],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("a batch in parts gives what it gives as a whole, but for rounding", async () => {
  const [whole, two, three] = await Promise.all([1, 2, 3].map((parts) => train(parts, 0)));
  for (const parts of [two, three]) {
    // Energies are in the order of the batch's rows, whatever part they were in.
    for (const [index, values] of whole.steps.entries()) assertClose(parts.steps[index], values, 1e-5);
    for (const [index, values] of whole.weights.entries()) {
      // Softmax doesn't see the bias of keys: its gradient is rounding alone, which AdamW makes as large as any.
      if (whole.names[index].endsWith("key.bias")) continue;
      assertClose(parts.weights[index], values, 1e-5);
    }
  }
});

Deno.test("parts on threads of their own give the same bits each time", async () => {
  const [first, second] = [await train(2, 0.1), await train(2, 0.1)];
  assert.deepEqual(second, first);
});

Deno.test("predictions are those of each text in its place, in however many parts, and of fewer texts than parts", async () => {
  const { data } = tinyContrast([3, 9, 7, 8, 1]);
  const predict = async (parts: number, texts: typeof data) => {
    const program = predictorProgram(tinyShape, randomWeights, { precision: "float32", parts });
    const session = await openSession(program, { scratch, threads: 1 });
    const { logits, energies } = predictSequences(session, tinyShape, texts, parts);
    session.close();
    return [...logits, ...energies];
  };
  assertClose(await predict(3, data), await predict(1, data), 1e-6);
  assertClose(await predict(3, data.slice(0, 1)), await predict(1, data.slice(0, 1)), 1e-6);
});
