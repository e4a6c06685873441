/** Finds out what files are for, and which folder holds them. */

import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { InputError } from "../../errors.ts";
import { memberOf } from "../sources/json.ts";
import { formOf } from "./form.ts";
import { listsIn } from "./columns.ts";

/** The parts of a source that files are told apart by. */
export const inspectedParts = ["train", "dev", "test"] as const;

/** The name of such a part. */
export type InspectedPart = typeof inspectedParts[number];

/** Files as a person lists them; what those under `unknown` are for is guessed from their names. */
export type GivenFiles = Readonly<Record<"unknown" | "dev" | "test", readonly string[]>>;

/** The files of a source. */
export interface SourceFiles {
  /** The absolute path of the folder that holds all of them. */
  readonly folder: string;
  /** The absolute path that a stage takes as its input: the only file, or the folder. */
  readonly input: string;
  /** Their names within the folder, as `files` of a source lists them. */
  readonly parts: Readonly<Record<InspectedPart, readonly string[]>>;
}

/** Words in the names of files, by what the files are for. */
const words: Readonly<Record<InspectedPart, readonly string[]>> = {
  train: ["train", "training"],
  dev: ["dev", "val", "valid", "validation", "development"],
  test: ["test", "testing"],
};

/**
 * Says what a file is for by the words in its name, or a list in a file by those in its own name, if that tells;
 * undefined where nothing does.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { partOfName } from "./parts.ts";
 *
 * assert.equal(partOfName("snli_1.0_dev.jsonl"), "dev");
 * assert.equal(partOfName("data_full.json#oos_val"), "dev");
 * assert.equal(partOfName("training_data.json#test"), "test");
 * assert.equal(partOfName("reviews.csv"), undefined);
 * ```
 */
export function partOfName(name: string): InspectedPart | undefined {
  const [, list = ""] = memberOf(name);
  return partOfWords(list) ?? partOfWords(basename(name));
}

function partOfWords(text: string): InspectedPart | undefined {
  const own = text.toLowerCase().split(/[^a-z]+/);
  return inspectedParts.find((part) => words[part].some((word) => own.includes(word)));
}

/**
 * Says what each file is for. Of files none of which is to train on, those for dev, or else for test, are.
 * A file of JSON with several lists counts as so many files.
 *
 * @throws {InputError} where a file can't be read
 */
export async function sourceFiles(given: GivenFiles): Promise<SourceFiles> {
  const listed = [
    ...given.unknown.map((file) => ({ file, part: undefined })),
    ...given.dev.map((file) => ({ file, part: "dev" as const })),
    ...given.test.map((file) => ({ file, part: "test" as const })),
  ];
  const parts: Record<InspectedPart, string[]> = { train: [], dev: [], test: [] };
  const folder = folderOf(listed.map(({ file }) => resolve(file)));
  for (const { file, part } of listed) {
    for (const name of await withLists(resolve(file))) {
      parts[part ?? partOfName(name) ?? "train"].push(relative(folder, name));
    }
  }
  for (const part of ["dev", "test"] as const) {
    if (parts.train.length === 0) [parts.train, parts[part]] = [parts[part], []];
  }
  const paths = new Set(listed.map(({ file }) => resolve(file)));
  const [only] = paths;
  return { folder, input: paths.size === 1 ? only : folder, parts };
}

/** Returns a file, or each list of rows in it, where it is JSON that holds several. */
async function withLists(file: string): Promise<readonly string[]> {
  if (!/\.json(\.gz)?$/i.test(file)) return [file];
  const { kind, encoding } = await formOf(file);
  const lists = kind === "json" ? await listsIn(file, encoding) : [];
  return lists.length === 0 ? [file] : lists.map((list) => `${file}#${list}`);
}

/** Returns the deepest folder that holds all files. */
function folderOf(files: readonly string[]): string {
  let folder = dirname(files[0]);
  while (!files.every((file) => isWithin(folder, file))) folder = dirname(folder);
  return folder;
}

function isWithin(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return !isAbsolute(path) && path.split("/", 1)[0] !== "..";
}

/**
 * Makes sure that a source can be the input of a stage. All that is in a folder is part of it.
 *
 * @param project the project's folder, which holds the results
 * @throws {InputError} where the folder holds the project
 */
export function checkInput({ folder, input, parts }: SourceFiles, project: string): void {
  if (input !== folder || !isWithin(input, join(project, "artifacts"))) return;
  const names = Object.values(parts).flat();
  throw new InputError({
    at: { file: input },
    found: `the files ${names.slice(0, 3).join(", ")} in the folder that holds the project's results`,
    expected: "a folder that holds nothing else, since all that is in it counts as the data",
    fix: "Move them to a folder of their own, such as data/, and name them there.",
  });
}
