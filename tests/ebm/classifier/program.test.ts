/** Compares the program that only predicts, with its weights in it, with the one that trains. */
import assert from "node:assert/strict";
import { classifierProgram, predictorProgram } from "../../../src/ebm/classifier/program.ts";
import { type Prediction, predictSequences } from "../../../src/ebm/classifier/predict.ts";
import { jointBatch } from "../../../src/ebm/classifier/joint_batch.ts";
import { toldClasses } from "../../../src/ebm/classifier/variant.ts";
import { startFrom } from "../../../src/ebm/training/state.ts";
import { weightFeeds } from "../../../src/ebm/training/weights.ts";
import type { Precision } from "../../../src/graph/graph.ts";
import { withDropout } from "../../../src/nn/config.ts";
import type { Sequence } from "../../../src/nn/sequence.ts";
import { openSession } from "../../../src/runtime/session.ts";
import { assertClose } from "../../close.ts";
import { scratch } from "../../scratch.ts";
import { randomWeights, tinyConfig, tinyContrast, tinyShape, tinyTraining } from "../../tiny_classifier.ts";

const texts = tinyContrast([3, 9, 7, 8, 1]).data;

async function predictedByTrainer(precision: Precision): Promise<Prediction> {
  const { program, variables } = classifierProgram({ ...tinyShape, ...tinyTraining, precision });
  const session = await openSession(program, { scratch, threads: 1 });
  session.run("assign", weightFeeds(randomWeights(variables)));
  const prediction = predictSequences(session, tinyShape, texts, 1);
  session.close();
  return prediction;
}

async function predictedByPredictor(precision: Precision): Promise<Prediction> {
  const program = predictorProgram(tinyShape, randomWeights, { precision, parts: 1 });
  const session = await openSession(program, { scratch, threads: 1 });
  const prediction = predictSequences(session, tinyShape, texts, 1);
  session.close();
  return prediction;
}

for (const [precision, tolerance] of [["float32", 1e-6], ["bfloat16", 2 ** -7]] as const) {
  Deno.test(`in ${precision} a program with its weights in it predicts what the one that trains does`, async () => {
    const [trainer, predictor] = [await predictedByTrainer(precision), await predictedByPredictor(precision)];
    const largest = Math.max(...trainer.logits.map(Math.abs));
    assertClose(predictor.logits, trainer.logits, tolerance * largest);
    assertClose(predictor.energies, trainer.energies, tolerance * largest);
  });
}

Deno.test("labelled energies in training are minus the logits of the classes that are told, else the largest", async () => {
  const config = withDropout(tinyConfig, 0);
  const contrast = tinyContrast([3, 9, 7]);
  const withLabel = (text: Sequence, row: number) => ({ ...text, label: (row + 1) % tinyShape.classes });
  const [data, noise] = [contrast.data.map(withLabel), contrast.noise.map(withLabel)];
  for (const variant of ["labelled", "self-labelled-noise"] as const) {
    const shape = { ...tinyShape, config, variant };
    const { program, variables, trainer } = classifierProgram({ ...shape, ...tinyTraining });
    const session = await openSession(program, { scratch, threads: 1 });
    startFrom(session, randomWeights(variables));
    const told = toldClasses(variant);
    const { feeds } = jointBatch(config, data, 1, { data, noise, told });
    const { logits } = predictSequences(session, shape, [...data, ...noise], 1);
    const logitsOf = (row: number) => [...logits.subarray(row * 3, row * 3 + 3)];
    const values = trainer.train(session, [{ ...feeds, seed: 0 }], { learningRate: 0, step: 1 });
    session.close();
    const given = data.map(({ label }, row) => -logitsOf(row)[label]);
    assertClose(values("dataEnergy"), given, 1e-5);
    const ofNoise = noise.map(({ label }, row) => {
      const own = logitsOf(data.length + row);
      return variant === "labelled" ? -own[label] : -Math.max(...own);
    });
    assertClose(values("noiseEnergy"), ofNoise, 1e-5);
  }
});

Deno.test("in bfloat16 weights of products are constants, and tables and what is added in float32 are assigned", () => {
  const { initial } = predictorProgram(tinyShape, randomWeights, { precision: "bfloat16", parts: 2 });
  const assigned = Object.keys(initial!);
  assert.ok(assigned.includes("embeddings.word_embeddings.weight"));
  assert.ok(assigned.includes("encoder.layer.0.output.LayerNorm.bias"));
  assert.deepEqual(assigned.filter((name) => /(query|key|value|dense)\.(weight|bias)$/.test(name)), [
    "encoder.layer.2.attention.self.value.bias", // of the first tokens, which attend in their own way
    "pooler.dense.bias",
    "energy.dense.bias",
  ]);
});

Deno.test("a weight that is missing or has another shape is refused", () => {
  const build = (
    change: (weights: ReturnType<typeof randomWeights>) => void,
    precision: Precision = "bfloat16",
  ) =>
  () =>
    predictorProgram(tinyShape, (variables) => {
      const weights = randomWeights(variables);
      change(weights);
      return weights;
    }, { precision, parts: 1 });
  const name = "encoder.layer.1.intermediate.dense.weight";
  for (const precision of ["float32", "bfloat16"] as const) {
    assert.throws(
      build((weights) => weights.delete(name), precision),
      /intermediate\.dense\.weight has shape \[48,32\]; given: nothing/,
    );
  }
  assert.throws(
    build((weights) => weights.set(name, { shape: [32, 48], data: new Float32Array(32 * 48) })),
    /given: \[32,48\]/,
  );
});
