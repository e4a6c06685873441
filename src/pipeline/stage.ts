/** The one contract between the engine and the modules in `stages/` says what a stage is. */

import type { z } from "zod";

/** The context that a stage's `run` is given. */
export interface StageContext<Parameters> {
  /** The stage's parameters from the pipeline file, parsed by its schema, defaults applied. */
  readonly parameters: Parameters;
  /** Returns the absolute path of the read-only folder or file that the pipeline file wired to this input. */
  input(name: string): string;
  /**
   * Returns, for an input with `many: true`, each instance's variant → its folder, sorted by variant. What
   * isn't of several instances has the empty name.
   */
  inputs(name: string): ReadonlyMap<string, string>;
  /** The folder to fill; its content becomes the stage's result when `run` returns, and only then. */
  readonly output: string;
  /** A temporary folder, removed afterwards. */
  readonly scratch: string;
  /**
   * A folder that outlives an attempt which is interrupted or fails: the next attempt at the same action
   * finds what this one left. It is empty at first, and removed after success. What the stage makes must not
   * depend on where it was interrupted.
   */
  readonly checkpoint: string;
  /** The number of CPU threads that this stage may use. */
  readonly threads: number;
  /**
   * The folder for what the stage measured of its own speed, where that was asked for. It is no part of the
   * result; `profile.md` in it is shown when the stage is done.
   */
  readonly profile?: string;
  /** Appends a line to the stage's log. */
  log(line: string): void;
  /**
   * Says in a line, or a small table, what came out. It is kept in the log, and shown when the stage is done.
   */
  summary(text: string): void;
  /** Reports how far the stage is, in a live line on a terminal and in sparse lines in the log. */
  progress(done: number, total: number, text: string): void;
}

/** A named input of a stage. */
export interface InputDefinition<Parameters> {
  readonly description: string;
  /**
   * Whether it takes several instances of a stage (`stage@*`) as well as one; `context.inputs(name)` returns
   * them.
   */
  readonly many?: boolean;
  /** Returns false where an instance with these parameters doesn't use the input, which is dropped then. */
  readonly when?: (parameters: Parameters) => boolean;
}

/** How far two numbers may be apart and still count as the same; either bound is enough. */
export interface Tolerance {
  readonly absolute?: number;
  /** The bound relative to the size of the larger number. */
  readonly relative?: number;
}

/** How much an instance has to do, as far as its parameters tell. */
export interface Work {
  /** What its time grows with, in a unit of the stage's choice. */
  readonly amount: number;
  readonly steps?: number;
  /** Tokens that it reads or writes, at most. */
  readonly tokens?: number;
  /**
   * Seconds that one thread would take at a usual speed, for where no run has been measured: as many threads as
   * the instance has are taken to share them.
   */
  readonly threadSeconds?: number;
}

/** The default export of a stage's module, made by `defineStage`. */
export interface StageDefinition<Schema extends z.ZodObject> {
  readonly description: string;
  /** A `z.strictObject` whose fields are described, and have a default where one makes sense. */
  readonly parameters: Schema;
  readonly inputs: Readonly<Record<string, InputDefinition<z.output<Schema>>>>;
  /** Name of a file or folder in the output → what it holds. Exactly these must exist after `run`. */
  readonly outputs: Readonly<Record<string, string>>;
  /**
   * For outputs in JSON or JSON Lines, how far their numbers may be from those of another run when
   * `reproduce` compares the two. Other outputs have to be the same bytes.
   */
  readonly tolerance?: Readonly<Record<string, Tolerance>>;
  /**
   * Whether it loads libtensorflow: it then runs with FFI allowed, and the environment's facts enter its key.
   */
  readonly native?: boolean;
  /**
   * Whether it keeps nothing between runs, neither in variables nor in what it leaves going: a process that
   * has run it may then run it again, which saves the start of another. Such a stage finds its checkpoint
   * folder empty each time.
   */
  readonly warm?: boolean;
  /**
   * Returns how much there is to do, so that an instance is priced by what another took with other
   * parameters. Without it, the price is what the other took.
   */
  work?(parameters: z.output<Schema>): Work;
  /**
   * Makes the outputs. What it begins has to have ended when its promise resolves, or at least within seconds
   * of that: the result is taken when nothing is under way any more.
   */
  run(context: StageContext<z.output<Schema>>): Promise<void>;
}

/**
 * Defines a stage: `export default defineStage({...})`. It only infers types. Importing a stage's module must
 * stay cheap, because the planner imports each one for its schema.
 */
export function defineStage<Schema extends z.ZodObject>(
  definition: StageDefinition<Schema>,
): StageDefinition<Schema> {
  return definition;
}
