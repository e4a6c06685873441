import type { Program } from "../graph/program.ts";
import { checkFeeds, type Feed } from "./feeds.ts";
import { type LoadedModel, loadModel, type ModelOptions } from "./model.ts";

export type { Feed } from "./feeds.ts";

/** The outputs that a run fetched, by name. The numbers are in row-major order. */
export interface Fetched {
  floats(name: string): Float32Array;
  integers(name: string): Int32Array;
}

/** A program loaded into libtensorflow. Its variables live until the session is closed. */
export interface Session<Name extends string> {
  /**
   * Runs one signature, and blocks the thread until it is done. Throws where the feeds don't fit the
   * signature.
   */
  run(signature: Name, feeds?: Readonly<Record<string, Feed>>): Fetched;
  close(): void;
}

/** Settings for opening a session. */
export interface SessionOptions extends ModelOptions {
  /**
   * A folder that a profile of the runs is written to when the session is closed. What is fetched stays the
   * same.
   */
  readonly profile?: string | undefined;
}

/**
 * Loads a program. Its variables hold nothing until a signature assigns them, except those that the program
 * has initial values for.
 */
export async function openSession<Name extends string>(
  program: Program<Name>,
  options: SessionOptions,
): Promise<Session<Name>> {
  const model = await load(program, options);
  if (program.initial) model.run("assign", program.initial);
  return {
    run(name, feeds = {}) {
      checkFeeds(name, program.signatures[name], feeds);
      return fetched(name, model.run(name, feeds));
    },
    close: model.close,
  };
}

async function load(program: Program, { profile, ...options }: SessionOptions): Promise<LoadedModel> {
  if (profile === undefined) return await loadModel(program, options);
  const { loadProfiledModel } = await import("./profile/profiled_model.ts");
  return await loadProfiledModel(program, { ...options, profile });
}

function fetched(signature: string, values: Readonly<Record<string, unknown>>): Fetched {
  return {
    floats(name) {
      const found = values[name];
      if (found instanceof Float32Array) return found;
      throw new Error(`${signature} fetches no float32 output "${name}"`);
    },
    integers(name) {
      const found = values[name];
      if (found instanceof Int32Array) return found;
      throw new Error(`${signature} fetches no int32 output "${name}"`);
    },
  };
}
