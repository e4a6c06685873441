import { classifierProgram } from "../../src/ebm/classifier_program.ts";
import { type JointBatch, jointBatch } from "../../src/ebm/joint_batch.ts";
import type { Variant } from "../../src/ebm/variant.ts";
import { weightFeeds } from "../../src/ebm/weights.ts";
import type { Precision } from "../../src/graph/graph.ts";
import type { TransformerConfig } from "../../src/nn/config.ts";
import { openSession } from "../../src/runtime/session.ts";
import type { Perform, Step, WorkOptions } from "./step.ts";
import { randomWeights } from "./weights.ts";

/**
 * A training step of the classifier. The step's first batch is for cross-entropy; but for the baseline the second is the
 * data's, and the other K are noise.
 */
export interface ClassifierWork {
  readonly kind: "classifier";
  readonly config: TransformerConfig;
  readonly precision: Precision;
  readonly variant: Variant;
  readonly noiseRatio: number;
}

/** Builds the program that `finetune` trains, with its usual settings. */
export async function prepareClassifier(work: ClassifierWork, options: WorkOptions): Promise<Perform> {
  const { config, variant } = work;
  const { program, variables } = classifierProgram({
    ...work,
    classes: 2,
    classLoss: { kind: "cross-entropy" },
    energyWeight: 1,
    weightDecay: 0.1,
    clipNorm: 1,
    parts: options.threads,
  });
  const session = await openSession(program, options);
  session.run("assign", weightFeeds(randomWeights(variables)));
  session.run("reset");
  let step = 0;
  return ({ tokens, batches }) => {
    const { feeds } = trainingBatch(config, variant, batches, options.threads);
    session.run("train", { ...feeds, seed: ++step, learningRate: 2e-5, step });
    return tokens;
  };
}

/** The feeds of a step's batches, and their size. */
export function trainingBatch(
  config: TransformerConfig,
  variant: Variant,
  batches: Step["batches"],
  parts: number,
): JointBatch {
  const [labelled, data, ...noise] = batches.map(({ texts, labels }) =>
    texts.map((ids, row) => ({ ids, label: labels?.[row] ?? 0 }))
  );
  return variant === "baseline"
    ? jointBatch(config, labelled, parts)
    : jointBatch(config, labelled, parts, { data, noise: noise.flat() });
}
