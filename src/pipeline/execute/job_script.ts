import { dirname, join } from "node:path";
import type { ActionFile } from "../process/action_file.ts";
import { permissionFlag } from "../process/sandbox.ts";

/** Environment variables by which a job's process finds Deno's cache, its own name and its devices. */
const variables = ["HOME", "PATH", "DENO_DIR", "XDG_CACHE_HOME", "SLURM_JOB_ID", "SLURMD_NODENAME"];

/**
 * Returns the script of a job: it starts a process that runs the action, with the permissions that this
 * takes. (The stage runs in a process of its own, which has fewer.)
 *
 * @throws {InputError} for a path with a comma
 * @param program the program of that process
 * @param folder the job's folder
 */
export function jobScript(
  { root, checkpoint, lock, log, profile, permissions: { native, env } }: ActionFile,
  program: string,
  folder: string,
): string {
  const written = [
    ...[folder, checkpoint, dirname(log)],
    ...(lock === undefined ? [] : [lock]),
    ...(profile === undefined ? [] : [dirname(profile)]),
  ];
  const read = [...variables, ...native?.passed ?? [], ...env];
  const words = [
    ...[Deno.execPath(), "run", "--no-prompt", "--cached-only", "--quiet"],
    `--config=${join(root, "deno.json")}`,
    "--allow-read",
    ...permissionFlag("write", written),
    ...permissionFlag("env", read),
    "--allow-run",
    program,
    folder,
  ];
  return `#!/bin/sh\nexec ${words.map(quoted).join(" ")}\n`;
}

/** Writes a word so that a shell takes it as it is. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
