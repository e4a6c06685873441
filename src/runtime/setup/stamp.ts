/** Records what set-up has made, by which a later run knows that it is complete. */

import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256OfFile } from "./sha256.ts";
import type { Step } from "./step.ts";

/** The record of a finished step. */
export interface StepRecord {
  readonly madeFrom: string;
  readonly facts: Readonly<Record<string, string>>;
  /** The size and digest of each file when it was made, by its path below the step's folder. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

/** The records of all finished steps, by their names. */
export type Stamp = Readonly<Record<string, StepRecord>>;

/** Reads a stamp. One that is missing or damaged counts as an empty one. */
export function readStamp(path: string): Stamp {
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Writes a stamp in such a way that there is always either the old one or the new one. */
export function writeStamp(path: string, stamp: Stamp): void {
  writeFileSync(`${path}.new`, JSON.stringify(stamp, null, 2) + "\n");
  renameSync(`${path}.new`, path);
}

/**
 * Tells whether a step's folder holds what the step would make now. To be quick, it only compares the sizes
 * of the files.
 */
export function isCurrent(folder: string, step: Step, record: StepRecord | undefined): boolean {
  return record?.madeFrom === step.madeFrom &&
    Object.entries(record.files).every(([path, { bytes }]) =>
      statSync(join(folder, path), { throwIfNoEntry: false })?.size === bytes
    );
}

/** Records a step that has just filled `folder`. */
export async function recordOf(step: Step, folder: string): Promise<StepRecord> {
  const files: Record<string, { bytes: number; sha256: string }> = {};
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const file = join(folder, path);
    const info = statSync(file);
    if (info.isFile()) files[path] = { bytes: info.size, sha256: await sha256OfFile(file) };
  }
  return { madeFrom: step.madeFrom, facts: step.facts ?? {}, files };
}
