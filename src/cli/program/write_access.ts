/** Commands that write where their task as a whole may not. */

import { InputError } from "../../errors.ts";

/**
 * Does this where the process may write to the path, and otherwise has the whole command line done again by a process
 * that may: there and nowhere else.
 *
 * @param flags what that process needs of Deno besides reading files and the environment
 * @throws {InputError} where the path has a comma
 */
export async function withWriteAccess(
  path: string,
  write: () => void | Promise<void>,
  flags: readonly string[] = [],
): Promise<void> {
  if (Deno.permissions.querySync({ name: "write", path }).state === "granted") return write();
  if (path.includes(",")) {
    throw new InputError({
      at: { file: path },
      found: "a comma in the path",
      expected: "none, since Deno separates the paths that it is given access to by commas",
    });
  }
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...[
        "run",
        "--quiet",
        "--no-prompt",
        "--allow-read",
        `--allow-write=${path}`,
        "--allow-env",
        ...flags,
      ],
      ...[Deno.mainModule, ...Deno.args],
    ],
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  Deno.exitCode = code;
}
