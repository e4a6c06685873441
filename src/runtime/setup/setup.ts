/** Makes everything that the project needs and that isn't in the repository. */

import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { requireDiskSpace } from "./disk.ts";
import { takeLock } from "./file_lock.ts";
import type { Places } from "./places.ts";
import type { Progress } from "./progress.ts";
import { isCurrent, readStamp, recordOf, type Stamp, writeStamp } from "./stamp.ts";
import type { Step } from "./step.ts";

/** The steps of set-up, and what comes after them. */
export interface SetupPlan {
  readonly places: Places;
  /** The steps, in the order in which they are made. */
  readonly steps: readonly Step[];
  /** Tells whether `finish` has nothing to do. */
  isFinished(): boolean;
  /** Runs after the steps: it puts things in other places and tries them out. */
  finish(): Promise<void>;
}

/**
 * Tells whether set-up has nothing to do. It takes milliseconds, and nothing is loaded, spawned or asked for.
 */
export function isComplete({ places, steps, isFinished }: SetupPlan): boolean {
  const stamp = readStamp(places.stamp);
  return steps.every((step) => isCurrent(join(places.setup, step.name), step, stamp[step.name])) &&
    isFinished();
}

/**
 * Makes what is missing. It can be interrupted at any point and continues from there. If several processes
 * call it, one does the work and the others wait.
 *
 * @throws {InputError} saying what is missing and how to get it
 */
export async function setUp(plan: SetupPlan, progress: Progress): Promise<void> {
  if (isComplete(plan)) return;
  const { places, steps } = plan;
  mkdirSync(places.setup, { recursive: true });
  using _lock = await takeLock(places.lock, () => progress.line("waiting for another set-up to finish"));
  if (isComplete(plan)) return;

  // From here to the end there is no stamp, only the journal. So whoever finds a stamp can trust it.
  if (existsSync(places.stamp)) renameSync(places.stamp, places.journal);
  let journal = readStamp(places.journal);
  rmSync(places.work, { recursive: true, force: true });
  mkdirSync(places.work);

  const missing = steps.filter((step) => !isCurrent(join(places.setup, step.name), step, journal[step.name]));
  for (const requireTool of new Set(missing.map((step) => step.requireTool))) await requireTool();
  requireDiskSpace(places.setup, missing.reduce((sum, step) => sum + step.megabytes, 0));
  for (const [index, step] of missing.entries()) {
    progress.line(`${index + 1}/${missing.length} ${step.title}`);
    journal = await make(step, journal, places, progress);
  }
  await plan.finish();
  for (const folder of [places.work, places.downloads]) rmSync(folder, { recursive: true, force: true });
  renameSync(places.journal, places.stamp);
}

/** Fills a step's folder, puts it in place of what was there, then records it. */
async function make(step: Step, journal: Stamp, places: Places, progress: Progress): Promise<Stamp> {
  const folder = join(places.work, step.name);
  mkdirSync(folder);
  await step.fill(folder, progress.detail);
  progress.detail("checking");
  const next = { ...journal, [step.name]: await recordOf(step, folder) };
  rmSync(join(places.setup, step.name), { recursive: true, force: true });
  renameSync(folder, join(places.setup, step.name));
  writeStamp(places.journal, next);
  progress.detail("done");
  return next;
}
