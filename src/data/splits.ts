import { join } from "node:path";
import { readRows, type Row, writeRows } from "./rows.ts";

/**
 * The names of the splits. `train` is trained on, `tune` chooses hyperparameters, `dev1` fits calibrators,
 * and `dev2` is reported and touched only once (method §4).
 */
export const splitNames = ["train", "tune", "dev1", "dev2"] as const;

/** The name of a split. */
export type SplitName = typeof splitNames[number];

/** The rows of each split. */
export type Splits = Readonly<Record<SplitName, readonly Row[]>>;

/** Makes a value for each split. */
export function forEachSplit<Value>(make: (name: SplitName) => Value): Record<SplitName, Value> {
  return { train: make("train"), tune: make("tune"), dev1: make("dev1"), dev2: make("dev2") };
}

/**
 * Reads the four splits of a prepared data set.
 *
 * @throws {InputError} at the first line that isn't a row
 */
export async function readSplits(folder: string): Promise<Splits> {
  const [train, tune, dev1, dev2] = await Promise.all(
    splitNames.map((name) => readRows(join(folder, `${name}.jsonl`))),
  );
  return { train, tune, dev1, dev2 };
}

/** Writes each split as JSON Lines, to `train.jsonl` and so on. */
export async function writeSplits(
  folder: string,
  splits: Readonly<Record<SplitName, Iterable<Row>>>,
): Promise<void> {
  await Promise.all(splitNames.map((name) => writeRows(join(folder, `${name}.jsonl`), splits[name])));
}

/** Writes the rows of a test set, to `test.jsonl`, which is empty where a source has none. */
export async function writeTest(folder: string, rows: Iterable<Row>): Promise<void> {
  await writeRows(join(folder, "test.jsonl"), rows);
}
