/**
 * A run under way claims the results that it counts on, so that `gc` can work beside it. A run takes and
 * keeps results only while it shares the store, for a moment each, and notes its claim on each before that
 * moment ends; `gc` reads the notes and removes things while nobody shares the store. So a result that a run
 * has found stays until the run ends, and one that it looks for later is either there or made again.
 */

import { join } from "node:path";
import { readIfThere, remove, unwritable } from "./atomic.ts";
import type { ActionKey, Digest } from "./digest.ts";
import { namedParts } from "./input_parts.ts";
import { livingRunFiles, openRunFile, shareStore, type Waiting } from "./locks.ts";
import type { ActionRecord } from "./record.ts";
import { writeAll } from "../../write_all.ts";

export interface RunClaims extends Disposable {
  /**
   * Claims a result for as long as this run lives. The store has to be shared, and the result to be known to
   * be whole.
   */
  add(record: ActionRecord): void;
}

/** Starts the claims of a run, which end with its process. Undefined where the wait was ended. */
export async function openRunClaims(root: string, waiting: Waiting): Promise<RunClaims | undefined> {
  using shared = await shareStore(root, waiting);
  if (!shared) return undefined;
  const path = join(root, "runs", crypto.randomUUID());
  const file = openRunFile(path);
  return {
    add(record) {
      try {
        writeAll(file, needsOf(record).map((name) => `${name}\n`).join(""));
      } catch (error) {
        throw unwritable(path, error);
      }
    },
    [Symbol.dispose]() {
      remove(path);
      file.close();
    },
  };
}

/** Returns the keys and digests that runs under way have claimed, or undefined where there is no such run. */
export function claimedNames(root: string): ReadonlySet<string> | undefined {
  const runs = livingRunFiles(root);
  if (runs.length === 0) return undefined;
  return new Set(runs.flatMap((path) => readIfThere(path)?.split("\n") ?? []));
}

function needsOf({ key, preImage, inputs, files }: ActionRecord): readonly (ActionKey | Digest)[] {
  const listings = namedParts(inputs).map(({ part: { digest } }) => digest);
  return [key, preImage.code, ...listings, ...Object.values(files).map(({ digest }) => digest)];
}
