/**
 * Imports a stage's module. Only processes that may do little do that, since its top level can run anything.
 */

import { z } from "zod";
import type { StageDefinition } from "../stage.ts";

/** A stage's definition as the engine sees it: the type of its parameters isn't known. */
export type AnyStage = StageDefinition<z.ZodObject>;

/**
 * Imports one stage by its module's URL.
 *
 * @throws {NoStage} where the module defines no stage
 */
export async function loadStage(url: string): Promise<AnyStage> {
  const module: { readonly default?: unknown } = await import(url);
  if (!isStage(module.default)) throw new NoStage(`${url} defines no stage`);
  return module.default;
}

/** The error that a module defines no stage. */
export class NoStage extends TypeError {}

function isStage(value: unknown): value is AnyStage {
  return typeof value === "object" && value !== null && "run" in value && typeof value.run === "function" &&
    "parameters" in value && value.parameters instanceof z.ZodObject && "inputs" in value &&
    "outputs" in value;
}
