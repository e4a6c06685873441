import { join } from "node:path";
import { type Splits, writeSplits } from "../../src/data/splits.ts";
import { type Bench, nativeCommand, threads } from "../bench.ts";

/** Trains a noise model to sample from, once for a run of the benchmarks, and returns its folder. */
export async function trainedNoiseModel(bench: Bench, splits: Splits): Promise<string> {
  const { folder, checkpoint, settings: { sampling: { trainingSteps, layers = "" } } } = bench;
  const [data, output, scratch] = ["reviews", "noise-model", "noise-model-scratch"].map((name) =>
    join(folder, name)
  );
  const model = join(output, "model");
  if (await Deno.stat(model).then(() => true, () => false)) return model;
  for (const path of [data, output, scratch]) await Deno.mkdir(path);
  // The stage reports its perplexity on tune, of which a part will do.
  await writeSplits(data, { ...splits, tune: splits.tune.slice(0, 64) });
  bench.say(`training a noise model to sample from, ${trainingSteps} steps`);
  const [command, ...args] = nativeCommand("noise_model/train.ts", [
    ...[data, checkpoint, output, scratch],
    ...[threads, trainingSteps, layers],
  ]);
  const { success, stdout, stderr } = await new Deno.Command(command, { args }).output();
  if (!success) throw new Error(`no noise model: ${new TextDecoder().decode(stderr)}`);
  bench.say(new TextDecoder().decode(stdout).trim());
  return model;
}
