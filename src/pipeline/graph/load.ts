/** Imports the modules of a pipeline's stages, for their schemas, inputs and outputs. */

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { InputError } from "../../errors.ts";
import type { PipelineSpec } from "../file/spec.ts";
import type { StageDefinition } from "../stage.ts";

/** A stage's definition as the engine sees it: the type of its parameters isn't known. */
export type AnyStage = StageDefinition<z.ZodObject>;

/**
 * Imports the modules of all stages: stage name → definition.
 *
 * @throws {InputError} where a module is missing, can't be loaded or defines no stage
 */
export async function loadStages(spec: PipelineSpec, root: string): Promise<ReadonlyMap<string, AnyStage>> {
  // An import takes time even where the module is loaded already, so each is imported once.
  const modules = new Map<string, Promise<AnyStage>>();
  const load = async (stage: string, run: string): Promise<AnyStage> => {
    const path = resolve(root, run);
    const wrong = (found: string, cause?: unknown) =>
      new InputError({
        at: spec.locate(["stages", stage, "run"]),
        found,
        expected: "a module with `export default defineStage({...})`",
      }, { cause });
    try {
      Deno.statSync(path);
    } catch {
      throw wrong(`no file ${run}`);
    }
    const module: { readonly default?: unknown } = await import(pathToFileURL(path).href).catch((error) => {
      throw wrong(`a module that can't be loaded (${error instanceof Error ? error.message : error})`, error);
    });
    if (!isStage(module.default)) throw wrong(`a module that defines no stage`);
    return module.default;
  };
  const loading = Object.entries(spec.stages).map(async ([stage, { run }]) => {
    if (!modules.has(run)) modules.set(run, load(stage, run));
    return [stage, await modules.get(run)!] as const;
  });
  return new Map(await Promise.all(loading));
}

/**
 * Imports one stage by its module's URL, for the stage's own process.
 *
 * @throws {TypeError} where the module defines no stage
 */
export async function loadStage(url: string): Promise<AnyStage> {
  const module: { readonly default?: unknown } = await import(url);
  if (!isStage(module.default)) throw new TypeError(`${url} defines no stage`);
  return module.default;
}

function isStage(value: unknown): value is AnyStage {
  return typeof value === "object" && value !== null && "run" in value && typeof value.run === "function" &&
    "parameters" in value && value.parameters instanceof z.ZodObject && "inputs" in value &&
    "outputs" in value;
}
