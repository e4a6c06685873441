/** A stage's process is a sandbox: Deno's permissions are as narrow as what the stage declares. */

import { join } from "node:path";
import { InputError } from "../../errors.ts";
import type { NativePermissions } from "../plan/plan.ts";

export interface Allowed {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly native?: NativePermissions | undefined;
  readonly network: boolean;
  /** Environment variables that the stage may read. */
  readonly env: readonly string[];
}

/**
 * Returns the flags for `deno run`. They allow no processes, no prompts and no downloads, the network only
 * where it is declared, and of files only those given.
 *
 * @throws {InputError} for a path with a comma, which Deno's flags can't express
 */
export function sandboxFlags(
  root: string,
  { read, write, native, network, env }: Allowed,
): readonly string[] {
  const within = (paths: readonly string[] = []) => paths.map((path) => join(root, path));
  return [
    "--no-prompt",
    "--cached-only",
    "--quiet",
    `--config=${join(root, "deno.json")}`,
    ...permissionFlag("read", [...read, ...write, ...within(native?.read)]),
    ...permissionFlag("write", write),
    ...(network ? ["--allow-net"] : []),
    ...permissionFlag("env", [...native?.env ?? [], ...env]),
    ...permissionFlag("ffi", within(native?.ffi)),
    ...permissionFlag("sys", native?.sys ?? []),
  ];
}

/**
 * Returns the flag that allows this kind of access to these places; none for no places.
 *
 * @throws {InputError} for a path with a comma
 */
export function permissionFlag(kind: string, values: readonly string[]): readonly string[] {
  const broken = values.find((value) => value.includes(","));
  if (broken !== undefined) {
    throw new InputError({
      at: { file: broken },
      found: "a comma in the path",
      expected: "none, since Deno separates the paths that a stage is given access to by commas",
      fix: "Rename it, or the folder that it is in.",
    });
  }
  return values.length === 0 ? [] : [`--allow-${kind}=${[...new Set(values)].join(",")}`];
}

/**
 * Returns the environment of a stage's process: where Deno's cache is, what the pipeline file lets it have,
 * and nothing else that could change a result; for a native stage also where its libraries and devices are.
 * Temporary files go to the stage's scratch folder.
 *
 * @param passed names of variables that it gets from the user's environment
 * @throws {InputError} for a variable that this process may not read itself
 */
export function sandboxEnvironment(
  scratch: string,
  denoDir: string,
  passed: readonly string[],
): Readonly<Record<string, string>> {
  const kept = ["HOME", "PATH", ...passed].flatMap((name) => {
    const value = variable(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    DENO_DIR: denoDir,
    TMPDIR: scratch,
    NO_COLOR: "1",
    TZ: "UTC",
    LC_ALL: "C.UTF-8",
  };
}

function variable(name: string): string | undefined {
  if (Deno.permissions.querySync({ name: "env", variable: name }).state === "granted") {
    return Deno.env.get(name);
  }
  throw new InputError({
    found: `${name} among the variables that a stage is to get`,
    expected: "one that `deno task pipeline` may read itself",
    fix: "Add it to --allow-env of the task `pipeline` in deno.json.",
  });
}
