/** An instance of a stage, where its inputs come from, and so what it follows. */

import type { Location } from "../../errors.ts";
import type { StageSpec } from "../file/spec.ts";
import { type Parts, singlePart } from "../store/input_parts.ts";
import type { AnyStage } from "./load.ts";

/** Where an input comes from. `path` is a file or folder within an instance's output; undefined is all of it. */
export type Source =
  | { readonly kind: "userFiles"; readonly file: string; readonly written: string; at(): Location }
  | { readonly kind: "output"; readonly instance: string; readonly path: string | undefined }
  | {
    readonly kind: "outputs";
    readonly variants: ReadonlyMap<string, string>;
    readonly path: string | undefined;
  };

/** One run of a stage: the stage with one combination of its matrix's values. */
export interface Instance {
  /** `finetune@scalar`, or `report` for a stage without a matrix. */
  readonly name: string;
  readonly stage: string;
  readonly variant: string | undefined;
  /** Absolute path of the stage's module. */
  readonly module: string;
  readonly definition: AnyStage;
  /** Parameters as written, references resolved; the stage's process parses them again. */
  readonly written: Readonly<Record<string, unknown>>;
  /** Parameters as the stage's schema reads them, defaults applied. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What it takes while it runs; `cpu` is also how many threads it may use. */
  readonly resources: StageSpec["resources"];
  /** As written: 90s, 30m, 2h. */
  readonly timeout: StageSpec["timeout"];
  /** How often to try again after a failure. */
  readonly retries: number;
  /** Whether a result that there is may be taken. */
  readonly cache: boolean;
  readonly network: boolean;
  readonly inputs: ReadonlyMap<string, Source>;
}

/** The names of the instances that this one follows. */
export function dependenciesOf({ inputs }: Instance): readonly string[] {
  return [...inputs.values()].flatMap(makersOf);
}

/** The names of the instances that make what comes from a source; none for files of the user. */
export function makersOf(source: Source): readonly string[] {
  switch (source.kind) {
    case "userFiles":
      return [];
    case "output":
      return [source.instance];
    case "outputs":
      return [...source.variants.values()];
  }
}

/** The name of the instance that makes each part of what comes from a source. */
export function makerParts(source: Exclude<Source, { kind: "userFiles" }>): Parts<string> {
  return source.kind === "output" ? singlePart(source.instance) : Object.fromEntries(source.variants);
}
