import { join } from "node:path";
import { score } from "../../calibration/metrics/scores.ts";
import { readPredictions } from "../../calibration/predictions/logits_file.ts";
import type { ModelCalibrator } from "../../inference/calibrator_file.ts";
import { calibratorIn, type Classifier } from "../../inference/classifier.ts";
import { calibratorName } from "../../inference/model_digest.ts";
import { readJson } from "../../nn/json.ts";
import { evaluationSchema } from "../../report/evaluation.ts";
import type { ModelInfo } from "../../server/schemas.ts";
import type { NamedModel } from "../predict/model.ts";

/**
 * Measures a model on dev2, if the pipeline has predicted it with that model: `calibrator.json` of evaluate
 * tells whose predictions lie beside it.
 *
 * @param calibrator what the predictions go through: the one that is served, or none
 * @throws {InputError} where evaluate's files can't be read
 */
export async function measuredOnDev2(
  { results }: Pick<NamedModel, "results">,
  { digest, description: { variant } }: Pick<Classifier, "digest" | "description">,
  calibrator: ModelCalibrator | undefined,
): Promise<ModelInfo["dev2"]> {
  for (const { instance, key, folder } of results()) {
    const isOfModel = await calibratorIn(join(folder, calibratorName), digest, variant);
    if (!isOfModel || key === undefined) continue;
    const predictions = await readPredictions(join(folder, "predictions.dev2.jsonl"));
    const { metric } = await readJson(join(folder, "metrics.json"), evaluationSchema, {
      expected: "what evaluate measured",
      fix: "Run evaluate again.",
    });
    return {
      instance,
      key,
      texts: predictions.labels.length,
      metrics: score(calibrator?.calibrator.apply(predictions) ?? predictions, 1, metric),
    };
  }
  return undefined;
}
