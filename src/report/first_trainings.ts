import { join } from "node:path";
import type { Predictions, UnlabelledPredictions } from "../calibration/predictions/classified.ts";
import { readPredictions, readUnlabelled } from "../calibration/predictions/logits_file.ts";
import type { Evaluation } from "./evaluation.ts";

/** An evaluated training and the folder that holds its predictions. */
export interface EvaluatedTraining {
  readonly folder: string;
  readonly evaluation: Evaluation;
}

/** A variant's training with the first seed, whose single predictions a report shows. */
export interface FirstTraining extends EvaluatedTraining {
  readonly dev2: Predictions;
  /** Undefined where the variant has no energy. */
  readonly noise: UnlabelledPredictions | undefined;
}

/** Reads the predictions of each variant's training with the first seed, one after the other. */
export async function readFirstTrainings(
  evaluated: readonly EvaluatedTraining[],
): Promise<readonly FirstTraining[]> {
  const seed = evaluated[0]?.evaluation.seed;
  const trainings: FirstTraining[] = [];
  for (const { folder, evaluation } of evaluated) {
    if (evaluation.seed !== seed) continue;
    const dev2 = await readPredictions(join(folder, "predictions.dev2.jsonl"));
    const noise = evaluation.energy && await readUnlabelled(join(folder, "predictions.noise.jsonl"));
    trainings.push({ folder, evaluation, dev2, noise });
  }
  return trainings;
}
