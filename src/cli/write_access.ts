/** Commands that write outside `artifacts/`, where `deno task pipeline` as a whole may not. */

/**
 * Does this where the process may write to the path, and otherwise has the whole command line done again by a process
 * that may: there and nowhere else.
 *
 * @param flags what that process needs of Deno besides reading files and the environment
 */
export async function withWriteAccess(
  path: string,
  write: () => void | Promise<void>,
  flags: readonly string[] = [],
): Promise<void> {
  if (Deno.permissions.querySync({ name: "write", path }).state === "granted") return write();
  const permitted = path.replaceAll(",", ",,"); // a single comma would separate paths
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...[
        "run",
        "--quiet",
        "--no-prompt",
        "--allow-read",
        `--allow-write=${permitted}`,
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
