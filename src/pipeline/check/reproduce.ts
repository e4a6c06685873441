/** A reproduction makes a result again, apart from the store, and compares the two. */

import { join } from "node:path";
import { InputError } from "../../errors.ts";
import { statusOf } from "../explain/status.ts";
import type { Instance } from "../graph/instance.ts";
import { withNeeded } from "../graph/select.ts";
import type { Results } from "../plan/key.ts";
import { actionOf, type Plan, readSurroundings } from "../plan/plan.ts";
import { attempt } from "../process/attempt.ts";
import { openSnapshots } from "../process/snapshots.ts";
import type { Progress } from "../process/conversation.ts";
import { localExecutor } from "../process/executor.ts";
import type { Tolerance } from "../stage.ts";
import { blobPath } from "../store/blobs.ts";
import { digestOfFile } from "../store/digest.ts";
import { shareStore } from "../store/locks.ts";
import type { ActionRecord } from "../store/record.ts";
import { fileIn, outputTreeOf } from "../store/tree.ts";
import { type FirstDifference, firstDifference } from "./first_difference.ts";

export type Reproduction =
  /**
   * `within` names the files that aren't the same bytes, but are within the tolerance that the stage
   * declares.
   */
  | {
    readonly instance: string;
    readonly outcome: "same";
    readonly files: number;
    readonly within: readonly string[];
  }
  | {
    readonly instance: string;
    readonly outcome: "different";
    readonly file: string;
    readonly first: FirstDifference;
  }
  | {
    readonly instance: string;
    readonly outcome: "failed";
    readonly reason: string;
    readonly lines: readonly string[];
  }
  | { readonly instance: string; readonly outcome: "stopped" };

export interface ReproduceHooks {
  readonly signal: AbortSignal;
  onWait(): void;
  onStart(instance: string): void;
  onProgress(instance: string, progress: Progress): void;
  onEnd(reproduction: Reproduction): void;
}

/**
 * Runs these instances one after the other, in fresh folders and from the inputs that their results were made
 * from. Nothing of it enters the store.
 *
 * @throws {InputError} where one isn't up to date, since there is nothing to compare with then
 */
export async function reproduce(
  plan: Plan,
  instances: readonly Instance[],
  hooks: ReproduceHooks,
): Promise<readonly Reproduction[]> {
  using shared = await shareStore(plan.store.root, hooks);
  if (!shared) return instances.map(({ name }) => ({ instance: name, outcome: "stopped" }));
  const results = currentResults(plan, instances);
  const reproductions: Reproduction[] = [];
  for (const instance of instances) {
    hooks.onStart(instance.name);
    const reproduction = await reproduceOne(plan, instance, results, hooks);
    hooks.onEnd(reproduction);
    reproductions.push(reproduction);
  }
  return reproductions;
}

function currentResults(plan: Plan, instances: readonly Instance[]): Results {
  const statuses = statusOf(plan, withNeeded(plan.instances, instances));
  return new Map(statuses.map((status) => {
    if (status.state === "current") return [status.instance, status.record];
    throw new InputError({
      found: `${status.instance}, which isn't up to date`,
      expected: "a result to compare with",
      fix: "Run `deno task pipeline` first.",
    });
  }));
}

async function reproduceOne(
  plan: Plan,
  instance: Instance,
  results: Results,
  { signal, onProgress }: ReproduceHooks,
): Promise<Reproduction> {
  const { name } = instance;
  const failed = (reason: string, lines: readonly string[] = []): Reproduction => ({
    instance: name,
    outcome: "failed",
    reason,
    lines,
  });
  const action = actionOf(plan, readSurroundings(plan, [instance]), instance, results);
  const executor = localExecutor(plan.store);
  const staging = executor.stage(action.key);
  using snapshots = openSnapshots(plan.store);
  try {
    const outcome = await attempt(plan, {
      instance,
      action,
      results,
      snapshots,
      executor,
      staging,
      checkpoint: join(staging.folder, "checkpoint"),
      profile: undefined,
      warm: undefined,
      log: join(staging.folder, "log"),
      heading: undefined,
      signal,
      onProgress: (progress) => onProgress(name, progress),
      onWait() {}, // its checkpoint is its own
    });
    if (outcome.kind === "stopped") return { instance: name, outcome: "stopped" };
    if (outcome.kind === "failed") return failed(outcome.reason, outcome.lastLines);
    if (outcome.kind !== "done") {
      return failed("its code or its inputs changed while it ran: reproduce it again");
    }
    const record = results.get(name);
    return record ? compared(plan, instance, record, outcome.output) : failed("no result");
  } finally {
    staging.clear();
  }
}

/** Compares file by file, in the order of their names, until one differs by more than it may. */
function compared(
  plan: Plan,
  { name, description }: Instance,
  { files }: ActionRecord,
  output: string,
): Reproduction {
  const made = outputTreeOf(output, (path) => ({
    digest: digestOfFile(path),
    size: Deno.statSync(path).size,
  }));
  const within: string[] = [];
  for (const file of [...new Set([...Object.keys(files), ...Object.keys(made)])].sort()) {
    const [before, after] = [fileIn(files, file), fileIn(made, file)];
    if (before?.digest === after?.digest) continue;
    const different = (first: FirstDifference): Reproduction => ({
      instance: name,
      outcome: "different",
      file,
      first,
    });
    if (!before || !after) {
      return different({
        place: "the file",
        before: before ? "there" : "nothing",
        after: after ? "there" : "nothing",
      });
    }
    const old = Deno.readFileSync(blobPath(plan.store, before.digest));
    const current = Deno.readFileSync(join(output, file));
    const first = firstDifference(file, old, current, toleranceOf(description, file));
    if (first) return different(first);
    within.push(file);
  }
  return { instance: name, outcome: "same", files: Object.keys(files).length, within };
}

/** Returns the tolerance for a file: that of the output which the file is or lies in. */
function toleranceOf({ tolerance = {} }: Instance["description"], file: string): Tolerance | undefined {
  const [output = file] = file.split("/");
  return Object.hasOwn(tolerance, output) ? tolerance[output] : undefined;
}
