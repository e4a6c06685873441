import { join } from "node:path";
import { readPredictions } from "../calibration/predictions/logits_file.ts";
import { checkAllSame } from "../calibration/predictions/same_examples.ts";
import type { VariantRun } from "../calibration/variants.ts";
import { evaluationSchema } from "./evaluation.ts";
import { readMetrics } from "./results.ts";

/**
 * Reads the trainings that the evaluate stage wrote into these folders, in the folders' order.
 *
 * @throws {InputError} where a file isn't as evaluate writes it, or predictions are of other examples than
 * the first folder's.
 */
export async function readVariantRuns(folders: readonly string[]): Promise<VariantRun[]> {
  const runs: VariantRun[] = [];
  for (const folder of folders) {
    const { variant, seed } = await readMetrics(join(folder, "metrics.json"), evaluationSchema);
    const read = (split: string) => readPredictions(fileOf(folder, split));
    runs.push({ variant, seed, dev1: await read("dev1"), dev2: await read("dev2") });
  }
  for (const split of ["dev1", "dev2"] as const) {
    checkAllSame(runs.map((run, at) => ({ name: fileOf(folders[at], split), predictions: run[split] })));
  }
  return runs;
}

function fileOf(folder: string, split: string): string {
  return join(folder, `predictions.${split}.jsonl`);
}
