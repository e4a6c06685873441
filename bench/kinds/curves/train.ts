/**
 * Trains a classifier for a job of job.ts, and prints its losses and logits as JSON.
 *
 *   train.ts JOB PRECISION SCRATCH
 */
import { classifierProgram } from "../../../src/ebm/classifier/program.ts";
import { predictSequences } from "../../../src/ebm/classifier/predict.ts";
import { startFrom } from "../../../src/ebm/training/state.ts";
import { initialValues } from "../../../src/nn/checkpoint.ts";
import { readSafetensors } from "../../../src/nn/safetensors.ts";
import { openSession } from "../../../src/runtime/session.ts";
import { type Curve, type CurveJob, objective, shapeOf } from "./job.ts";
import { trainingBatch } from "../../calibrant/classifier.ts";

const [file, precision, scratch] = Deno.args;
const threads = 1;
const job: CurveJob = JSON.parse(await Deno.readTextFile(file));
console.log(JSON.stringify(await train(job)));

async function train({ config, weights, learningRates, steps, tune, ...settings }: CurveJob): Promise<Curve> {
  const shape = shapeOf(config);
  const { program, variables } = classifierProgram({
    ...shape,
    ...objective,
    ...settings,
    precision: precision as "float32" | "bfloat16",
    parts: threads,
    turns: 1,
  });
  const session = await openSession(program, { scratch, threads });
  const initial = initialValues(variables, { folder: weights, weights: await readSafetensors(weights) });
  startFrom(session, initial);
  const losses = steps.map(({ batches }, index) => {
    const [{ feeds }] = trainingBatch(config, shape.variant, batches, threads, 1);
    const rate = { learningRate: learningRates[index], step: index + 1, seed: 0 };
    return session.run("train", { ...feeds, ...rate }).floats("loss")[0];
  });
  const { logits } = predictSequences(session, shape, tune.map((ids) => ({ ids })), threads);
  return { losses, logits: [...logits] };
}
