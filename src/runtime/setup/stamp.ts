/** The record of what set-up has made, by which a later run knows that it is complete. */

import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256OfFile } from "./sha256.ts";
import type { Step } from "./step.ts";

/** One finished step. */
export interface StepRecord {
  readonly madeFrom: string;
  readonly facts: Readonly<Record<string, string>>;
  /** Path below the step's folder → what the file was when it was made. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

/** Step's name → its record. */
export type Stamp = Readonly<Record<string, StepRecord>>;

/** Reads a stamp; one that is absent or damaged counts as one of nothing. */
export function readStamp(path: string): Stamp {
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Writes a stamp such that at any time there is the old one or the new one. */
export function writeStamp(path: string, stamp: Stamp): void {
  writeFileSync(`${path}.new`, JSON.stringify(stamp, null, 2) + "\n");
  renameSync(`${path}.new`, path);
}

/** Whether the step's folder holds what the step would make now. Of the files it sees the sizes only, to be quick. */
export function isCurrent(folder: string, step: Step, record: StepRecord | undefined): boolean {
  return record?.madeFrom === step.madeFrom &&
    Object.entries(record.files).every(([path, { bytes }]) =>
      statSync(join(folder, path), { throwIfNoEntry: false })?.size === bytes
    );
}

/** The record of a step that has just filled `folder`. */
export async function recordOf(step: Step, folder: string): Promise<StepRecord> {
  const files: Record<string, { bytes: number; sha256: string }> = {};
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const file = join(folder, path);
    const info = statSync(file);
    if (info.isFile()) files[path] = { bytes: info.size, sha256: await sha256OfFile(file) };
  }
  return { madeFrom: step.madeFrom, facts: step.facts ?? {}, files };
}
