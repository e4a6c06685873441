/**
 * An instance is one run of a stage. It knows where its inputs come from, and so which other instances it
 * follows.
 */

import type { Location } from "../../errors.ts";
import type { StageSpec } from "../file/spec.ts";
import type { Work } from "../stage.ts";
import { type Parts, singlePart } from "../store/input_parts.ts";
import type { InstanceName } from "../store/instance_name.ts";
import type { StageDescription } from "./description.ts";

/**
 * A source is where an input comes from: files of the user, an instance's output, or the outputs of all
 * instances of a stage by their variants. `path` leads to a file or folder within an output; undefined stands
 * for all of it.
 */
export type Source =
  | UserFiles
  | { readonly kind: "output"; readonly instance: string; readonly path: string | undefined }
  | {
    readonly kind: "outputs";
    readonly variants: ReadonlyMap<string, string>;
    readonly path: string | undefined;
  };

/** A file or folder of the user. */
export interface UserFiles {
  readonly kind: "userFiles";
  /** Its absolute path. */
  readonly file: string;
  /** Its path as the pipeline file has it. */
  readonly written: string;
  /** Returns the place where the pipeline file names it. */
  at(): Location;
}

/** A stage with one combination of its matrix's values. */
export interface Instance {
  /** `finetune@scalar`, or `report` for a stage without a matrix. */
  readonly name: InstanceName;
  readonly stage: string;
  readonly variant: string | undefined;
  /** Absolute path of the stage's module. */
  readonly module: string;
  readonly description: StageDescription;
  /** Parameters as written, with references replaced; the stage's process parses them again. */
  readonly written: Readonly<Record<string, unknown>>;
  /** Parameters as the stage's schema reads them, with defaults applied. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** How much it has to do, where its stage says so. */
  readonly work: Work | undefined;
  /** How much of each resource it takes while it runs; `cpu` is also the number of threads it may use. */
  readonly resources: StageSpec["resources"];
  /** The longest that it may run, as written: 90s, 30m, 2h. */
  readonly timeout: StageSpec["timeout"];
  /** How often it may be tried again after a failure. */
  readonly retries: number;
  /** Whether a cached result may be taken instead of running it. */
  readonly cache: boolean;
  readonly network: boolean;
  /** Environment variables that it gets, beside those that every stage has. */
  readonly env: readonly string[];
  readonly inputs: ReadonlyMap<string, Source>;
}

/** Returns the names of the instances that this one follows. */
export function dependenciesOf({ inputs }: Instance): readonly string[] {
  return [...inputs.values()].flatMap(makersOf);
}

/** Returns the names of the instances that make what comes from a source; none for files of the user. */
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

/** Returns, for each part of what comes from a source, the name of the instance that makes it. */
export function makerParts(source: Exclude<Source, { kind: "userFiles" }>): Parts<string> {
  return source.kind === "output" ? singlePart(source.instance) : Object.fromEntries(source.variants);
}
