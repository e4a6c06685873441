/**
 * A job's folder in the store, in `jobs/`, is all that the engine and the node that runs the job say to
 * each other. Slurm may start a job again while a run of it before still writes, on a node that was taken for
 * dead, so that each run has a folder of its own; only the one that started last counts.
 */

import { basename, join } from "node:path";
import { z } from "zod";
import { type ActionFile, actionFileSchema } from "../process/action_file.ts";
import { readIfThere, writeAtomically } from "../store/atomic.ts";
import { type ActionKey, parseActionKey } from "../store/digest.ts";
import { namesIn } from "../store/store.ts";

/** Where what belongs to a job is. */
export const jobFiles = {
  /** The action file. */
  action: (folder: string) => join(folder, "action.json"),
  /** The job's id, once Slurm has taken it. */
  id: (folder: string) => join(folder, "job"),
  /** What the job's script and Slurm itself print. */
  output: (folder: string) => join(folder, "slurm.out"),
  /** The name of the run that started last. */
  current: (folder: string) => join(folder, "current"),
  /** The folder of a run. */
  run: (folder: string, run: string) => join(folder, "runs", run),
  progress: (run: string) => join(run, "progress.json"),
  /** How a run ended, written last. */
  end: (run: string) => join(run, "end.json"),
};

const progressSchema = z.strictObject({
  type: z.literal("progress"),
  done: z.number(),
  total: z.number(),
  text: z.string(),
  heldBytes: z.int().nonnegative(),
});

const endSchema = z.strictObject({
  outcome: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("done"),
      summary: z.array(z.string()),
      peakBytes: z.int().nonnegative(),
    }),
    z.strictObject({ kind: z.literal("failed"), reason: z.string(), lastLines: z.array(z.string()) }),
    z.strictObject({ kind: z.literal("changed") }),
    z.strictObject({ kind: z.literal("stopped") }),
  ]),
  started: z.iso.datetime(),
  ended: z.iso.datetime(),
  isWhole: z.boolean(),
});

/** How a run of a job ended, as the node says. */
export type RunEnd = z.output<typeof endSchema>;

/** Lists the folders of the jobs of an action, or of all actions. There may be one that was given up. */
export function jobFolders(root: string, key?: ActionKey): readonly string[] {
  const folder = join(root, "jobs");
  return namesIn(folder).filter((name) => key === undefined || keyOfJob(name) === key)
    .map((name) => join(folder, name));
}

/**
 * Makes a folder for an action's job. Its name is new each time, so that no job finds what one before it was
 * to do.
 */
export function makeJobFolder(root: string, key: ActionKey): string {
  const folder = join(root, "jobs", `${key}.${crypto.randomUUID()}`);
  Deno.mkdirSync(folder, { recursive: true });
  return folder;
}

/** Returns the key of the action that a job's folder is for. */
export function keyOfJob(folder: string): ActionKey | undefined {
  return parseActionKey(basename(folder).split(".")[0] ?? "");
}

/** Returns the action that a job runs, or undefined where there is none that can be read. */
export function readAction(folder: string): ActionFile | undefined {
  return parsed(actionFileSchema, jobFiles.action(folder));
}

/** Returns the id of the job that was submitted, or undefined where none is known to have been. */
export function readJobId(folder: string): string | undefined {
  return read(jobFiles.id(folder))?.match(/^\d+(?=\n$)/)?.[0];
}

export function writeJobId(folder: string, id: string): void {
  writeAtomically(jobFiles.id(folder), `${id}\n`);
}

/** Returns the name of the run that started last, or undefined before the first. */
export function currentRun(folder: string): string | undefined {
  return read(jobFiles.current(folder))?.match(/^[0-9a-f-]{36}$/)?.[0];
}

/** Returns how the run that started last ended, with its folder; undefined before that. */
export function readEnd(folder: string): { readonly end: RunEnd; readonly run: string } | undefined {
  const name = currentRun(folder);
  if (name === undefined) return undefined;
  const run = jobFiles.run(folder, name);
  const end = parsed(endSchema, jobFiles.end(run));
  return end && { end, run };
}

/** Returns how far the run that started last is, as far as it has said so. */
export function readProgress(folder: string) {
  const name = currentRun(folder);
  return name === undefined
    ? undefined
    : parsed(progressSchema, jobFiles.progress(jobFiles.run(folder, name)));
}

/** Returns the last lines of a text file, such as of a log, each cut to a bearable length. */
export function lastLinesOf(path: string, count: number): readonly string[] {
  const lines = read(path)?.trimEnd().split("\n").slice(-count) ?? [];
  return lines.filter((line) => line !== "").map((line) => line.slice(0, 500));
}

function parsed<Schema extends z.ZodType>(schema: Schema, path: string): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(read(path) ?? "null")).data;
  } catch {
    return undefined; // no JSON
  }
}

/** Reads a file that another machine may be replacing: over NFS, its handle may be stale for a moment. */
function read(path: string): string | undefined {
  try {
    return readIfThere(path);
  } catch {
    return undefined;
  }
}

/** Gives up a job's folder, whoever may still write to it. */
export function abandon(root: string, folder: string): void {
  const aside = join(root, "staging", crypto.randomUUID());
  Deno.mkdirSync(join(root, "staging"), { recursive: true });
  try {
    Deno.renameSync(folder, aside);
    Deno.removeSync(aside, { recursive: true });
  } catch {
    // It isn't there, or a process still writes to it: a later run removes what is in `staging`.
  }
}
