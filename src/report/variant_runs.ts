import { stat } from "node:fs/promises";
import { join } from "node:path";
import { readPredictions } from "../calibration/predictions/logits_file.ts";
import { checkAllSame } from "../calibration/predictions/same_examples.ts";
import type { VariantRun } from "../calibration/variants.ts";
import { InputError } from "../errors.ts";
import { evaluationSchema } from "./evaluation.ts";
import { readMetrics } from "./results.ts";

/** The splits whose predictions are read: the one to fit calibrators on and the one to measure. */
export interface RunSplits {
  readonly fit: "dev1" | "train";
  readonly measured: "dev2" | "test";
}

/**
 * Reads the trainings that the evaluate stage wrote into these folders, in the folders' order.
 *
 * @throws {InputError} where a file isn't as evaluate writes it, the training texts weren't predicted, or
 * predictions are of other examples than the first folder's.
 */
export async function readVariantRuns(
  folders: readonly string[],
  splits: RunSplits = { fit: "dev1", measured: "dev2" },
): Promise<VariantRun[]> {
  const runs: VariantRun[] = [];
  for (const folder of folders) {
    const { variant, seed } = await readMetrics(join(folder, "metrics.json"), evaluationSchema);
    if (splits.fit === "train") await checkPredicted(fileOf(folder, "train"));
    const read = (split: string) => readPredictions(fileOf(folder, split));
    runs.push({ variant, seed, fit: await read(splits.fit), measured: await read(splits.measured) });
  }
  for (const kind of ["fit", "measured"] as const) {
    checkAllSame(
      runs.map((run, at) => ({ name: fileOf(folders[at], splits[kind]), predictions: run[kind] })),
    );
  }
  return runs;
}

async function checkPredicted(file: string): Promise<void> {
  if ((await stat(file)).size > 0) return;
  throw new InputError({
    at: { file },
    found: "no predictions of the training texts",
    expected: "those that calibrators are to be fitted on, by `fitOn: train`",
    fix: "Set `trainPredictions: true` for evaluate, or fit calibrators on dev1.",
  });
}

function fileOf(folder: string, split: string): string {
  return join(folder, `predictions.${split}.jsonl`);
}
