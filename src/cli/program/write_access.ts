/** Lets single commands write where their task as a whole may not. */

import { InputError } from "../../errors.ts";

/**
 * Calls `write` if the process may write to these paths. Otherwise it runs the whole command line again in a
 * process that may write to them and nowhere else.
 *
 * @param flags the permissions and options of Deno that this process needs besides reading files and the
 * environment
 * @throws {InputError} if a path has a comma
 */
export async function withWriteAccess(
  paths: readonly string[],
  write: () => void | Promise<void>,
  flags: readonly string[] = [],
): Promise<void> {
  const isGranted = (path: string) => Deno.permissions.querySync({ name: "write", path }).state === "granted";
  if (paths.every(isGranted)) return write();
  await runAgain(paths, flags);
}

/**
 * Runs the whole command line again in a process that may write to these paths and nowhere else, passes
 * on the signals that ask a process to end, and ends with its exit code.
 *
 * @throws {InputError} if a path has a comma
 */
export async function runAgain(paths: readonly string[], flags: readonly string[]): Promise<void> {
  const withComma = paths.find((path) => path.includes(","));
  if (withComma !== undefined) {
    throw new InputError({
      at: { file: withComma },
      found: "a comma in the path",
      expected: "a path without one, since Deno takes a comma to separate two paths",
    });
  }
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--allow-read", `--allow-write=${paths.join(",")}`, "--allow-env"],
      ...flags,
      ...[Deno.mainModule, ...Deno.args],
    ],
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  // This process has to outlive the other. A terminal sends its signals to both, but others to this one alone.
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(name, () => passOn(name, child));
  }
  const { code, signal } = await child.status;
  if (signal !== null) console.error(`error: the process that was to do it was ended by ${signal}`);
  Deno.exit(code);
}

function passOn(signal: Deno.Signal, child: Deno.ChildProcess): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error; // it has ended
  }
}
