/** What all commands on a pipeline share. */

import type { Command } from "commander";
import { makePlan, type Plan } from "../../pipeline/plan/plan.ts";
import { environmentFacts } from "../../runtime/environment.ts";
import { tensorFlowPermissions } from "../../runtime/permissions.ts";

export interface PipelineOptions {
  readonly file: string;
  readonly overlay: readonly string[];
  readonly set: readonly string[];
  readonly resource: readonly string[];
}

/** Adds these options to the program: they may stand before a command or after it. */
export function addPipelineOptions(program: Command): void {
  program
    .configureHelp({ showGlobalOptions: true })
    .option("--file <path>", "the pipeline file", "pipeline.yaml")
    .option("--overlay <path>", "a file to lay over it, key by key; may be repeated", collect, [])
    .option(
      "--set <assignment>",
      "a value for this run, as in finetune.steps=600 or vars.seed=7; may be repeated",
      collect,
      [],
    )
    .option(
      "--resource <assignment>",
      "how much there is of a resource, as in gpu=2; may be repeated",
      collect,
      [],
    );
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

/** Reads the pipeline that the options name, in the current folder. */
export function planOf({ file, overlay, set, resource }: PipelineOptions): Promise<Plan> {
  const root = Deno.cwd();
  const native = {
    // TensorFlow.js asks whether it may read a model's file, for which Deno asks who the user is.
    permissions: {
      ...tensorFlowPermissions,
      sys: ["uid"],
      passed: ["CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH"],
    },
    facts: () => environmentFacts(root),
  };
  return makePlan({
    root,
    file,
    overlays: overlay,
    settings: [...set, ...resource.map((assignment) => `resources.${assignment}`)],
    native,
  });
}
