/** Clones of one project that share a remote cache. */

import { type Ended, ended, invocation, type Project } from "../synthetic.ts";

export interface CacheConfiguration {
  readonly url: string;
  readonly mode?: "read" | "read-write";
  readonly require?: "signed";
}

/** Writes the user's configuration of a project's test user. */
export function configure(project: Project, cache: CacheConfiguration): void {
  project.write({ "config/calibrant/config.yaml": `cache: ${JSON.stringify(cache)}\n` });
}

/** Starts `deno task pipeline` with these variables in its environment besides. */
export function startWith(
  project: Project,
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Deno.ChildProcess {
  const { program, ...rest } = invocation(project, args);
  return new Deno.Command(program, {
    ...rest,
    args: [...rest.args],
    env: { ...rest.env, ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

export function pipelineWith(
  project: Project,
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Ended> {
  return ended(startWith(project, env, ...args));
}
