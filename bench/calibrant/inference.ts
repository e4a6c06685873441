import { type ClassifierShape, predictorProgram } from "../../src/ebm/classifier/program.ts";
import { predictSequences } from "../../src/ebm/classifier/predict.ts";
import type { Precision } from "../../src/graph/graph.ts";
import type { TransformerConfig } from "../../src/nn/config.ts";
import { openSession } from "../../src/runtime/session.ts";
import type { Perform, WorkOptions } from "./perform.ts";
import { randomWeights } from "./weights.ts";

/** Computes logits and energies of all texts of a step. */
export interface InferenceWork {
  readonly kind: "inference";
  readonly config: TransformerConfig;
  readonly precision: Precision;
}

/** Builds the program that `evaluate` predicts with. */
export async function prepareInference(work: InferenceWork, options: WorkOptions): Promise<Perform> {
  const shape: ClassifierShape = { config: work.config, classes: 2, variant: "hidden" };
  const program = predictorProgram(shape, randomWeights, {
    precision: work.precision,
    parts: options.threads,
  });
  const session = await openSession(program, options);
  return ({ tokens, batches }) => {
    const sequences = batches.flatMap(({ texts }) => texts.map((ids) => ({ ids })));
    predictSequences(session, shape, sequences, options.threads);
    return tokens;
  };
}
