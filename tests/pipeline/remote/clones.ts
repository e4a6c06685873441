/** Clones of one project that share a remote cache. */

import assert from "node:assert/strict";
import { recordOf } from "../forged.ts";
import { type Ended, ended, invocation, type Project } from "../synthetic.ts";

/** The instances of `chain`, which clones share. */
export const all = ["all", "first@long", "first@short", "second@long", "second@short"];

/** Checks that two clones have the same record of each instance of the chain, byte for byte. */
export function assertSameRecords(mine: Project, theirs: Project): void {
  for (const name of all) assert.equal(mine.read(recordOf(mine, name)), theirs.read(recordOf(theirs, name)));
}

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
