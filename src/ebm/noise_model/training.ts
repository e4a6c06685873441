import type { TransformerConfig } from "../../nn/config.ts";
import type { RandomStream } from "../../random.ts";
import type { Session } from "../../runtime/session.ts";
import { batches } from "../training/batches.ts";
import type { TrainingMethod } from "../training/train.ts";
import { type NoiseBatch, noiseBatch } from "./batch.ts";
import type { NoiseSequenceOptions } from "./objective.ts";
import { noiseModelStepFlops } from "./program.ts";

/** The ingredients of a noise model's training. */
export interface NoiseModelTrainingOptions {
  readonly session: Pick<Session<"train">, "run">;
  readonly config: TransformerConfig;
  /** What the model learns to write (see `target`). */
  readonly train: readonly (readonly number[])[];
  readonly sequence: NoiseSequenceOptions;
  /** The number of texts in a batch. */
  readonly batchSize: number;
  /** See `NoiseModelOptions`. */
  readonly parts: number;
  /** Makes the random stream of that name. */
  random(name: string): RandomStream;
}

/** The random choices of one step. */
export interface NoiseModelDraw {
  /** A batch of sequences with masks drawn afresh. */
  readonly batch: NoiseBatch;
  /** The seed of dropout. */
  readonly seed: number;
}

/**
 * The training of a noise model: each step minimises its objective (see `objective.ts`) on a batch of texts.
 */
export function noiseModelTraining(
  { session, config, train, sequence, batchSize, parts, random }: NoiseModelTrainingOptions,
): TrainingMethod<NoiseModelDraw> {
  const order = batches(train.length, batchSize, random("order"));
  const [masks, dropout] = [random("masks"), random("dropout")];
  return {
    draw: () => ({
      batch: noiseBatch(order.next().value.map((row) => train[row]), sequence, masks, parts),
      seed: dropout.integer(2 ** 31),
    }),
    step({ batch, seed }, rate) {
      const { floats } = session.run("train", { ...batch.feeds, seed, ...rate });
      const [loss, norm] = ["loss", "norm"].map((name) => floats(name)[0]);
      return {
        figures: { loss, norm, learningRate: rate.learningRate },
        work: { tokens: batch.tokens, flops: noiseModelStepFlops(config, batch) },
      };
    },
  };
}
