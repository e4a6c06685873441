/** Slurm's commands, as far as the engine needs them. */

import { InputError } from "../../errors.ts";

/** A job as `squeue` lists it. */
export interface ListedJob {
  readonly id: string;
  /** PENDING, RUNNING, COMPLETED and so on. */
  readonly state: string;
  /** Why it waits, or ended. */
  readonly reason: string;
  /** The folder that it was submitted in. */
  readonly folder: string;
}

/** Slurm's answer to a submission. */
export type Submitted =
  | { readonly kind: "taken"; readonly id: string }
  /** It refuses the job, for what its message says. */
  | { readonly kind: "refused"; readonly message: string }
  /** It can't be reached now, and may or may not have taken the job. */
  | { readonly kind: "unreachable"; readonly message: string };

const unreachable = /unable to contact|timed out|connection|zero bytes|temporarily|try again|communication/i;

/** Submits a job script. */
export async function submit(flags: readonly string[], script: string): Promise<Submitted> {
  const { success, output, errors } = await call("sbatch", flags, script);
  const [, id] = output.match(/^(\d+)(?:;.*)?$/m) ?? [];
  if (success && id !== undefined) return { kind: "taken", id };
  const message = messageOf(errors || output);
  return { kind: unreachable.test(message) ? "unreachable" : "refused", message };
}

/**
 * Lists all jobs of a name that Slurm knows of, those that have ended some minutes ago included. Undefined
 * where it doesn't answer.
 */
export async function listJobs(name: string): Promise<ReadonlyMap<string, ListedJob> | undefined> {
  const { success, output } = await call("squeue", [
    "--noheader",
    "--states=all",
    `--name=${name}`,
    "--format=%i|%T|%r|%Z",
  ]);
  if (!success) return undefined;
  return new Map(
    output.split("\n").filter((line) => line !== "").map((line) => {
      const [id = "", state = "", reason = "", ...folder] = line.split("|");
      return [id, { id, state, reason, folder: folder.join("|") }];
    }),
  );
}

/** Returns the state of a job that `squeue` has forgotten; undefined where no accounting knows it. */
export async function accountedState(id: string): Promise<string | undefined> {
  const { success, output } = await call("sacct", ["-n", "-X", "-P", "--jobs", id, "--format=State"]);
  return success ? output.match(/^[A-Z_]+/)?.[0] : undefined;
}

/**
 * Returns a function that ends jobs, by one command for all that are given to it at once. Those that have ended
 * already stay as they are.
 */
export function canceller(): (id: string) => Promise<void> {
  let next: { readonly ids: string[]; readonly done: Promise<unknown> } | undefined;
  return async (id) => {
    if (!next) {
      const ids: string[] = [];
      const done = new Promise((resolve) => setTimeout(resolve, 0)).then(() => {
        next = undefined;
        return call("scancel", ids);
      });
      next = { ids, done };
    }
    next.ids.push(id);
    await next.done;
  };
}

interface Called {
  readonly success: boolean;
  readonly output: string;
  readonly errors: string;
}

/** Calls a command of Slurm's out of reach of the terminal's Ctrl-C, which would cut it off. */
async function call(program: string, args: readonly string[], input?: string): Promise<Called> {
  try {
    const child = new Deno.Command(program, {
      args: [...args],
      detached: true,
      stdin: input === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const sent = input === undefined
      ? undefined
      : new Blob([input]).stream().pipeTo(child.stdin).catch(() => {});
    const [{ success, stdout, stderr }] = await Promise.all([child.output(), sent]);
    const [output, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { success, output: output ?? "", errors: errors ?? "" };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new InputError({
      found: `no program ${program}`,
      expected: "Slurm's commands on the PATH, to give stages to it",
      fix: "Run this on a machine from which jobs are submitted, or with --executor local.",
    });
  }
}

/** Returns what Slurm says, in one line and without the program's name before it. */
function messageOf(text: string): string {
  const lines = text.split("\n").map((line) => line.replace(/^\w+: (error: )?/, "").trim());
  return lines.filter((line) => line !== "").join("; ");
}
