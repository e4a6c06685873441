import { join } from "node:path";
import { readPredictions } from "../calibration/predictions.ts";
import { checkSameExamples } from "../calibration/same_examples.ts";
import type { VariantRun } from "../calibration/variants.ts";
import { evaluationSchema } from "./evaluation.ts";
import { readMetrics } from "./results.ts";

/**
 * Reads what evaluate wrote into these folders, in their order.
 *
 * @throws {InputError} where a file isn't as evaluate writes it, or predictions are of other examples than the first folder's.
 */
export async function readVariantRuns(folders: readonly string[]): Promise<VariantRun[]> {
  const runs: VariantRun[] = [];
  for (const folder of folders) {
    const { variant, seed } = await readMetrics(join(folder, "metrics.json"), evaluationSchema);
    const read = (split: string) => readPredictions(join(folder, `predictions.${split}.jsonl`));
    runs.push({ variant, seed, dev1: await read("dev1"), dev2: await read("dev2") });
    for (const split of ["dev1", "dev2"] as const) {
      const named = (run: number) => ({
        name: join(folders[run], `predictions.${split}.jsonl`),
        predictions: runs[run][split],
      });
      checkSameExamples(named(0), named(runs.length - 1));
    }
  }
  return runs;
}
