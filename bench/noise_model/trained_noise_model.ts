import { join } from "node:path";
import { type Splits, writeSplits } from "../../src/data/splits.ts";
import type { Bench } from "../benchmark.ts";
import { nativeCommand } from "../calibrant/command.ts";
import { outputOf } from "../command.ts";
import { threads } from "../settings.ts";

/** Trains a noise model to sample from, unless this run has trained it already, and returns its folder. */
export async function trainedNoiseModel(bench: Bench, splits: Splits): Promise<string> {
  const { folder, checkpoint, settings: { sampling: { trainingSteps, layers = "" } } } = bench;
  const [data, output, scratch] = ["reviews", "noise-model", "noise-model-scratch"].map((name) =>
    join(folder, name)
  );
  const model = join(output, "model");
  if (await Deno.stat(model).then(() => true, () => false)) return model;
  for (const path of [data, output, scratch]) await Deno.mkdir(path);
  // The stage reports its perplexity on tune, for which a part of the texts will do.
  await writeSplits(data, { ...splits, tune: splits.tune.slice(0, 64) });
  bench.say(`training a noise model to sample from, ${trainingSteps} steps`);
  const command = nativeCommand(new URL("train.ts", import.meta.url), [
    ...[data, checkpoint, output, scratch],
    ...[threads, trainingSteps, layers],
  ]);
  bench.say((await outputOf(command)).trim());
  return model;
}
