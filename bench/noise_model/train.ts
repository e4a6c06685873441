/**
 * Trains a noise model on the reviews by the pipeline's own stage, for the benchmarks that sample from it.
 *
 *   train.ts DATA CHECKPOINT OUTPUT SCRATCH THREADS STEPS [LAYERS]
 */
import stage from "../../stages/train-noise-model.ts";
import { sequence } from "../inputs/reviews.ts";

const [data, checkpoint, output, scratch, threads, steps, layers] = Deno.args;
const inputs: Readonly<Record<string, string>> = { data, checkpoint };
await stage.run({
  parameters: stage.parameters.parse({
    steps: Number(steps),
    warmupSteps: Math.ceil(Number(steps) / 10),
    batchSize: 16,
    learningRate: 1e-3,
    prefixTokens: sequence.prefixTokens,
    maxTokens: sequence.maxTokens,
    precision: "bfloat16",
    ...(layers ? { layers: Number(layers) } : {}),
  }),
  input: (name) => inputs[name],
  inputs: () => new Map(),
  output,
  scratch,
  checkpoint: await Deno.makeTempDir({ dir: scratch }),
  threads: Number(threads),
  log: () => {},
  summary: (text) => console.log(text),
  progress: () => {},
});
