/** What a stage is: the one contract between the engine and the modules in `stages/`. */

import type { z } from "zod";

/** What a stage's `run` is given. */
export interface StageContext<Parameters> {
  /** The stage's parameters from the pipeline file, parsed by its schema, defaults applied. */
  readonly parameters: Parameters;
  /** Absolute path of the read-only directory or file that the pipeline file wired to this input. */
  input(name: string): string;
  /** For an input with `many: true`: each instance's variant → its directory, sorted by variant. */
  inputs(name: string): ReadonlyMap<string, string>;
  /** Staging directory to fill; it becomes the stage's result when `run` returns, and only then. */
  readonly output: string;
  /** Temporary directory, discarded afterwards. */
  readonly scratch: string;
  /**
   * Directory that outlives an attempt which is interrupted or fails: the next attempt at the same action finds what this
   * one left. What the stage makes must not depend on where it was interrupted. Empty at first, removed after success.
   */
  readonly checkpoint: string;
  /** How many CPU threads this stage may use. */
  readonly threads: number;
  /**
   * Directory for what the stage measured of its own speed, where that was asked for; it is no part of the result.
   * `profile.md` in it is shown when the stage is done.
   */
  readonly profile?: string;
  /** Appends a line to the stage's log. */
  log(line: string): void;
  /** Says in a line, or a small table, what came out: kept in the log, and shown when the stage is done. */
  summary(text: string): void;
  /** Reports how far the stage is: a live line on a terminal, sparse lines in the log. */
  progress(done: number, total: number, text: string): void;
}

/** One named input of a stage. */
export interface InputDefinition<Parameters> {
  readonly description: string;
  /** Takes several instances of one stage (`stage@*`); read with `context.inputs(name)`. */
  readonly many?: boolean;
  /** Returns false where an instance with these parameters doesn't use the input: the edge is dropped. */
  readonly when?: (parameters: Parameters) => boolean;
}

export interface Tolerance {
  readonly absolute?: number;
  /** Of the larger number's size. */
  readonly relative?: number;
}

/** A stage module's default export, made by `defineStage`. */
export interface StageDefinition<Schema extends z.ZodObject> {
  readonly description: string;
  /** A `z.strictObject`: every field described, and with a default where one makes sense. */
  readonly parameters: Schema;
  readonly inputs: Readonly<Record<string, InputDefinition<z.output<Schema>>>>;
  /** Name of a file or folder in the output → what it holds. All of them must exist after `run`. */
  readonly outputs: Readonly<Record<string, string>>;
  /**
   * How far the numbers in these outputs, JSON or JSON Lines, may be from those of another run, for `reproduce`; without
   * it they are to be the same bytes. Either bound is enough.
   */
  readonly tolerance?: Readonly<Record<string, Tolerance>>;
  /** Loads libtensorflow: runs with FFI allowed, and the environment's facts enter its key. */
  readonly native?: boolean;
  /**
   * Keeps nothing between runs, neither in variables nor in what it left going: a process that has run it may run it again,
   * which saves the start of another. Such a stage finds its checkpoint empty each time.
   */
  readonly warm?: boolean;
  run(context: StageContext<z.output<Schema>>): Promise<void>;
}

/**
 * Defines a stage: `export default defineStage({...})`. It only infers types, and importing a stage module must
 * stay cheap, because the planner imports each one for its schema.
 */
export function defineStage<Schema extends z.ZodObject>(
  definition: StageDefinition<Schema>,
): StageDefinition<Schema> {
  return definition;
}
