import { classifierProgram } from "../../src/ebm/classifier/program.ts";
import { type JointBatch, jointTurns } from "../../src/ebm/classifier/joint_batch.ts";
import { turnsOf } from "../../src/ebm/classifier/joint_steps.ts";
import { startFrom } from "../../src/ebm/training/state.ts";
import type { Variant } from "../../src/ebm/classifier/variant.ts";
import type { Precision } from "../../src/graph/graph.ts";
import type { TransformerConfig } from "../../src/nn/config.ts";
import { openSession } from "../../src/runtime/session.ts";
import type { Step } from "../inputs/step.ts";
import type { Perform, WorkOptions } from "./perform.ts";
import { randomWeights } from "./weights.ts";

/**
 * Trains the classifier. A step's first batch is for cross-entropy; unless the variant is the baseline, the
 * second is data and the other K are noise.
 */
export interface ClassifierWork {
  readonly kind: "classifier";
  readonly config: TransformerConfig;
  readonly precision: Precision;
  readonly variant: Variant;
  readonly noiseRatio: number;
}

/**
 * Builds the program that `finetune` trains, with its usual settings, for batches of the size that the first
 * step has.
 */
export async function prepareClassifier(
  work: ClassifierWork,
  options: WorkOptions,
  first: Step,
): Promise<Perform> {
  const { config, variant, noiseRatio } = work;
  const { threads: parts } = options;
  const turns = variant === "baseline" ? 1 : turnsOf(first.batches[0].texts.length, noiseRatio);
  const { program, variables, trainer } = classifierProgram({
    ...work,
    classes: 2,
    classLoss: { kind: "cross-entropy" },
    energyWeight: 1,
    weightDecay: 0.1,
    clipNorm: 1,
    parts,
    turns,
  });
  const session = await openSession(program, options);
  startFrom(session, randomWeights(variables));
  let step = 0;
  let seed = 0;
  return ({ tokens, batches }) => {
    const batch = trainingBatch(config, variant, batches, parts, turns);
    const feeds = batch.map((turn) => ({ ...turn.feeds, seed: ++seed }));
    trainer.train(session, feeds, { learningRate: 2e-5, step: ++step });
    return tokens;
  };
}

/** Makes the feeds of each turn that a step's batches take, and their size. */
export function trainingBatch(
  config: TransformerConfig,
  variant: Variant,
  batches: Step["batches"],
  parts: number,
  turns: number,
): readonly JointBatch[] {
  const [labelled, data, ...noise] = batches.map(({ texts, labels }) =>
    texts.map((ids, row) => ({ ids, label: labels?.[row] ?? 0 }))
  );
  const contrast = variant === "baseline" ? undefined : { data, noise: noise.flat() };
  return jointTurns(config, labelled, parts, turns, contrast);
}
