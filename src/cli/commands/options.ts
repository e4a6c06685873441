/** The options that all commands on a pipeline take, and the plan that they ask for. */

import { join } from "node:path";
import type { Command } from "commander";
import { makePlan, type Plan } from "../../pipeline/plan/plan.ts";
import { publicKeysIn } from "../../pipeline/provenance/keys.ts";
import { requireFormat } from "../../pipeline/store/format.ts";
import { environmentFacts } from "../../runtime/environment.ts";
import { tensorFlowPermissions } from "../../runtime/permissions.ts";
import { keyFolder } from "./key_folder.ts";

export interface PipelineOptions {
  readonly file: string;
  readonly overlay: readonly string[];
  readonly set: readonly string[];
  readonly resource: readonly string[];
}

/** Adds the options to the program, so that they may stand before a command or after it. */
export function addPipelineOptions(program: Command): void {
  program
    .configureHelp({ showGlobalOptions: true })
    .option("--file <path>", "the pipeline file", "pipeline.yaml")
    .option(
      "--overlay <path>",
      "a file whose values replace the pipeline file's, key by key; may be repeated",
      collect,
      [],
    )
    .option(
      "--set <assignment>",
      "a value for this run only, as in finetune.steps=600 or vars.seed=7; may be repeated",
      collect,
      [],
    )
    .option(
      "--resource <assignment>",
      "how much of a resource there is, as in gpu=2; may be repeated",
      collect,
      [],
    );
}

/** Gathers the values of an option that may be repeated. */
export function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

/**
 * Plans the pipeline that the options name, in the current folder.
 *
 * @throws {InputError} for mistakes in the pipeline file, the overlays or the options
 */
export function planOf({ file, overlay, set, resource }: PipelineOptions): Promise<Plan> {
  const root = Deno.cwd();
  requireFormat(join(root, "artifacts", ".store"));
  const native = {
    // TensorFlow.js asks whether it may read a model's file, and to answer that Deno asks who the user is.
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
    publicKeys: publicKeysIn(keyFolder()),
  });
}
