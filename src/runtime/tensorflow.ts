/**
 * Loads TensorFlow.js on the libtensorflow that `deno task setup` installed. Native code is reached only
 * through this file.
 */

import { existsSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import util from "node:util";
import { InputError } from "../errors.ts";
import type { Precision } from "../graph/graph.ts";

/** TensorFlow.js on libtensorflow. */
export type TensorFlow = typeof import("@tensorflow/tfjs-node-gpu");

/** Settings for libtensorflow in this process. */
export interface TensorFlowOptions {
  /** The CPU threads in all. Results agree to the last digit only between equal numbers of threads. */
  readonly threads: number;
  /** The number of operations that run at the same time, each on its share of the threads; one by default. */
  readonly parts?: number;
  /** What most products are computed in; float32 by default. */
  readonly precision?: Precision;
}

/**
 * Loads TensorFlow.js and libtensorflow (0.3 s) without a word on stderr. A process holds one library, so the
 * options of the first call stay in force. It needs `tensorFlowPermissions`.
 *
 * @throws {InputError} where set-up hasn't been run, or what it made doesn't load
 */
export async function loadTensorFlow(options: TensorFlowOptions): Promise<TensorFlow> {
  const binding = bindingPath();
  if (!existsSync(binding)) throw unusable("no TensorFlow binding in node_modules");
  setEnvironment(options);
  restoreUtil();
  answerBindingLookup(binding);
  try {
    return await import("@tensorflow/tfjs-node-gpu");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw unusable(`a TensorFlow binding that doesn't load (${reason})`, { cause });
  }
}

/** Returns the path of TensorFlow.js's native half, which is linked to libtensorflow. */
export function bindingPath(): string {
  return join(dirname(entryPath()), "..", "lib", "napi-v8", "tfjs_binding.node");
}

function entryPath(): string {
  return fileURLToPath(import.meta.resolve("@tensorflow/tfjs-node-gpu"));
}

function unusable(found: string, options?: ErrorOptions): InputError {
  return new InputError(
    { found, expected: "the one that set-up builds", fix: "Run `deno task setup`." },
    options,
  );
}

/**
 * Sets the environment variables that libtensorflow reads when it is loaded and when a session starts. There
 * is no other way to configure its sessions.
 */
function setEnvironment({ threads, parts = 1, precision = "float32" }: TensorFlowOptions): void {
  Deno.env.set("TF_NUM_INTRAOP_THREADS", String(Math.max(1, Math.floor(threads / parts))));
  // If more operations ran at a time than the graph has parts, they would only compete for the same cores.
  Deno.env.set("TF_NUM_INTEROP_THREADS", String(parts));
  // TensorFlow's own choice leaves oneDNN's products off on CPUs without AVX-512, where they are faster too: a
  // text alone takes 0.6 of the time. That was measured in float32; in bfloat16 its choice stays.
  if (Deno.build.arch === "x86_64" && precision === "float32") Deno.env.set("TF_ENABLE_ONEDNN_OPTS", "1");
  // Only errors are shown, because the rest is advice on how to build libtensorflow.
  if (Deno.env.get("TF_CPP_MIN_LOG_LEVEL") === undefined) Deno.env.set("TF_CPP_MIN_LOG_LEVEL", "2");
  // Without this the first process takes all of a GPU's memory.
  Deno.env.set("TF_FORCE_GPU_ALLOW_GROWTH", "true");
}

/**
 * Puts back two functions of Node's `util` that TensorFlow.js 4.22 calls and that newer versions of Node, and
 * so Deno, have dropped.
 */
function restoreUtil(): void {
  const dropped: Record<string, (value: unknown) => boolean> = {
    isNullOrUndefined: (value) => value === null || value === undefined,
    isArray: Array.isArray,
  };
  Object.assign(util, { ...dropped, ...util });
}

/**
 * Tells TensorFlow.js where its binding is, in place of `@mapbox/node-pre-gyp`. That package would read the
 * whole environment, the CPUs and the network interfaces to find out, which a stage isn't allowed to do.
 */
function answerBindingLookup(binding: string): void {
  const require = createRequire(entryPath());
  const asked = require.resolve("@mapbox/node-pre-gyp");
  const answer = new Module(asked);
  Object.assign(answer, { exports: { find: () => binding }, loaded: true });
  require.cache[asked] = answer;
}
