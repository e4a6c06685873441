/** The instances of a stage: one for each combination of its matrix's values. */

import { InputError } from "../errors.ts";
import type { Path } from "./document.ts";
import type { StageSpec } from "./spec.ts";
import type { Locate } from "./validate.ts";

export interface Variant {
  /** The values joined by commas, `scalar,1`; undefined for a stage without a matrix. */
  readonly name: string | undefined;
  /** Dimension → this variant's value. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** All combinations, the last dimension varying fastest. @throws {InputError} for a value unfit for a folder's name */
export function variantsOf(matrix: StageSpec["matrix"], locate: Locate, path: Path): readonly Variant[] {
  let combinations: Record<string, unknown>[] = [{}];
  for (const [dimension, values] of Object.entries(matrix)) {
    values.forEach((value, index) => {
      const text = String(value);
      const repeated = values.findIndex((other) => String(other) === text) < index;
      if (!repeated && /^\w[\w.-]*$/.test(text)) return;
      throw new InputError({
        at: locate([...path, dimension, index]),
        found: `the variant "${text}"${repeated ? " a second time" : ""}`,
        expected: repeated ? "each value once" : "a name that can be a folder's: letters, digits, _ . -",
      });
    });
    combinations = combinations.flatMap((rest) => values.map((value) => ({ ...rest, [dimension]: value })));
  }
  return combinations.map((values) => ({
    name: Object.keys(values).length > 0 ? Object.values(values).join(",") : undefined,
    values,
  }));
}

/** `finetune@scalar`, or `report` where the stage has no matrix. */
export function instanceName(stage: string, variant: string | undefined): string {
  return variant === undefined ? stage : `${stage}@${variant}`;
}
