/**
 * Locked results are a pipeline's results as a commit can hold them, so that other checkouts can fetch or
 * check them. Beside the pipeline file lies a folder with a text for each stage, and in it a sorted line for
 * each instance: its name, its action's key, and the digest of what the action made. Git merges such lines;
 * where both sides changed one, that is a conflict, as it should be.
 */

import { join, parse } from "node:path";
import { InputError, type Location } from "../../errors.ts";
import { oddityAt, remove, writeAtomically } from "../store/atomic.ts";
import { type ActionKey, type Digest, digestSchema, parseActionKey } from "../store/digest.ts";
import { type InstanceName, parseInstanceName, stageOf } from "../store/instance_name.ts";
import { instancesWithResults, latestRecord } from "../store/results.ts";
import { namesIn, type Store } from "../store/store.ts";

export interface LockedResult {
  readonly instance: InstanceName;
  readonly key: ActionKey;
  /** The digest of the tree of its outputs. */
  readonly tree: Digest;
}

/** A difference between this store's result and the locked one. */
export interface LockedDifference {
  readonly instance: string;
  readonly what: "result" | "action key" | "outputs";
  readonly locked: string;
  readonly found: string;
}

const extension = ".txt";

/**
 * Returns the folder of a pipeline file's locked results: `pipelines/smoke.lock` for `pipelines/smoke.yaml`.
 */
export function lockedResultsFolder(pipelineFile: string): string {
  const { dir, name } = parse(pipelineFile);
  return join(dir, `${name}.lock`);
}

/**
 * Makes the folder hold these results, and no other stage's.
 *
 * @throws {InputError} where it can't be written
 */
export function writeLockedResults(folder: string, results: readonly LockedResult[]): void {
  const byStage = Map.groupBy(results, ({ instance }) => stageOf(instance));
  try {
    Deno.mkdirSync(folder, { recursive: true });
    for (const [stage, results] of byStage) {
      const lines = results.map(({ instance, key, tree }) => `${instance} ${key} ${tree}\n`);
      writeAtomically(join(folder, `${stage}${extension}`), lines.sort().join(""));
    }
    const others = stagesIn(folder).filter((stage) => !byStage.has(stage));
    others.forEach((stage) => remove(join(folder, `${stage}${extension}`)));
  } catch (cause) {
    throw new InputError({
      at: { file: folder },
      found: `a folder that can't be written (${cause instanceof Error ? cause.message : cause})`,
      expected: "a folder for the pipeline's lock",
    }, { cause });
  }
}

/**
 * Reads the locked results, in the order of their names; there are none where there is no such folder.
 *
 * @throws {InputError} for a line that can't be read, and where something else is in the folder's place
 */
export function readLockedResults(folder: string): readonly LockedResult[] {
  const results = stagesIn(folder).flatMap((stage) => {
    const file = join(folder, `${stage}${extension}`);
    const seen = new Set<string>();
    const oddity = oddityAt(file);
    if (oddity !== undefined) {
      throw new InputError({ at: { file }, found: oddity, expected: "a stage's lock" });
    }
    return Deno.readTextFileSync(file).trimEnd().split("\n").map((line, index) => {
      const result = parseLine(line);
      if (!result || stageOf(result.instance) !== stage || seen.has(result.instance)) {
        throw unreadableLine(line, stage, { file, line: index + 1 });
      }
      seen.add(result.instance);
      return result;
    });
  });
  return results.sort((a, b) => (a.instance < b.instance ? -1 : 1));
}

/**
 * Lists the stages that have a file in the folder.
 *
 * @throws {InputError} where it isn't a folder
 */
function stagesIn(folder: string): readonly string[] {
  try {
    return namesIn(folder).filter((name) => name.endsWith(extension)).map((name) => parse(name).name);
  } catch (cause) {
    const found = "something that isn't a folder";
    throw new InputError({ at: { file: folder }, found, expected: "the folder of the pipeline's lock" }, {
      cause,
    });
  }
}

function parseLine(line: string): LockedResult | undefined {
  const [name = "", written = "", digest, ...rest] = line.split(" ");
  const [instance, key] = [parseInstanceName(name), parseActionKey(written)];
  const tree = digestSchema.safeParse(digest).data;
  return instance && key && tree && rest.length === 0 ? { instance, key, tree } : undefined;
}

function unreadableLine(line: string, stage: string, at: Location): InputError {
  return new InputError({
    at,
    found: `"${line}"`,
    expected: `one line for each instance of ${stage}: its name, its action key, the digest of its outputs`,
    fix: "After a merge, write the lock anew: deno task pipeline, then deno task pipeline lock",
  });
}

/** Compares the newest results, which `artifacts/` shows, with the locked ones. */
export function differencesFromLocked(
  store: Store,
  locked: readonly LockedResult[],
): readonly LockedDifference[] {
  const names = new Set<string>(locked.map(({ instance }) => instance));
  const unlocked = instancesWithResults(store).filter((instance) => !names.has(instance));
  return [
    ...locked.flatMap((result) => differencesOf(store, result)),
    ...unlocked.map((instance): LockedDifference => ({
      instance,
      what: "result",
      locked: "none",
      found: latestRecord(store, instance)?.key ?? "a damaged one",
    })),
  ];
}

function differencesOf(store: Store, { instance, key, tree }: LockedResult): readonly LockedDifference[] {
  const record = latestRecord(store, instance);
  if (!record) return [{ instance, what: "result", locked: key, found: "none" }];
  const compared: readonly LockedDifference[] = [
    { instance, what: "action key", locked: key, found: record.key },
    { instance, what: "outputs", locked: tree, found: record.tree },
  ];
  return compared.filter(({ locked, found }) => locked !== found);
}
