import { fileURLToPath } from "node:url";
import { tensorFlowPermissions } from "../../src/runtime/permissions.ts";
import type { Bench } from "../benchmark.ts";
import type { Command } from "../command.ts";
import { threads } from "../settings.ts";
import type { Work } from "./worker.ts";

/**
 * Makes the command of a Deno process that may load libtensorflow and write below artifacts, and nothing
 * else.
 */
export function nativeCommand(script: URL, args: readonly (string | number)[]): Command {
  const { env, ffi } = tensorFlowPermissions;
  const run = [
    "run",
    "--no-prompt",
    "--quiet",
    "--allow-read",
    "--allow-write=artifacts",
    "--allow-run=head",
  ];
  // TensorFlow.js asks for the user's id before it reads a file.
  const permissions = [`--allow-env=${env.join()}`, `--allow-ffi=${ffi.join()}`, "--allow-sys=uid"];
  return [Deno.execPath(), ...run, ...permissions, fileURLToPath(script), ...args.map(String)];
}

/** Makes the command of a process that does one work of Calibrant's on the steps of a file. */
export function workCommand({ folder }: Bench, work: Work, stepsFile: string): Command {
  const worker = new URL("worker.ts", import.meta.url);
  return nativeCommand(worker, [JSON.stringify(work), stepsFile, folder, threads]);
}
