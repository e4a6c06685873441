import { join } from "node:path";
import { parse } from "yaml";
import { instanceName, stageOf } from "../../../src/pipeline/store/instance_name.ts";
import { latestRecord } from "../../../src/pipeline/store/results.ts";
import { openStore } from "../../../src/pipeline/store/store.ts";

const variants = ["baseline", "scalar", "hidden", "sharp-hidden"];
const instances = [
  ...["prepare-data", "train-noise-model", "sample-noise"].map((stage) => instanceName(stage, undefined)),
  ...variants.flatMap((variant) => [instanceName("finetune", variant), instanceName("evaluate", variant)]),
];

/** Reads how many optimizer steps each stage of the default pipeline takes. */
export function defaultSteps(root: string): Readonly<Record<string, number>> {
  const { stages } = parse(Deno.readTextFileSync(join(root, "pipeline.yaml")));
  return Object.fromEntries(
    Object.entries<{ readonly params?: { readonly steps?: number } }>(stages)
      .flatMap(([stage, { params }]) => params?.steps ? [[stage, params.steps]] : []),
  );
}

/**
 * Adds up the seconds that the default pipeline's stages took when they last ran here. The sum is undefined
 * where the newest result of a stage is of another pipeline, as its number of optimizer steps tells.
 */
export function defaultRunSeconds(root: string): number | undefined {
  const steps = defaultSteps(root);
  const store = openStore(join(root, "artifacts/.store"));
  let seconds = 0;
  for (const instance of instances) {
    const record = latestRecord(store, instance);
    const parameters = record?.preImage.parameters as { readonly steps?: number } | undefined;
    if (!record || parameters?.steps !== steps[stageOf(instance)]) return undefined;
    seconds += (Date.parse(record.ended) - Date.parse(record.started)) / 1000;
  }
  return seconds;
}
