import { Buffer } from "node:buffer";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../errors.ts";
import { readText, unreadable } from "../../lines.ts";
import { commonFields, textFields } from "./options.ts";
import type { FileRecord, RecordReader } from "./record.ts";
import { textBytes } from "./text_file.ts";

/** The schema of a source that is a folder of texts by class. */
export const folderSchema = z.strictObject({
  kind: z.literal("folder"),
  ...commonFields,
  ...textFields,
}).describe(
  "Folders, listed under `files`, that hold a folder for each class with a text in each file `*.txt`. Files beside " +
    "the classes' folders are passed over.",
);

/** The parameters of a source that is a folder of texts by class. */
export type FolderOptions = z.output<typeof folderSchema>;

/** So many files are read at once. */
const batchSize = 64;

/** Returns a reader of folders of texts by class, whose columns are the text and the label. */
export function folderReader({ encoding }: FolderOptions): RecordReader {
  return async function* (folder, name) {
    const classes = await namesIn(join(folder, name), "folders");
    if (classes.length === 0) {
      throw new InputError({
        at: { file: join(folder, name) },
        found: "no folder in it",
        expected: "a folder for each class",
        fix: "Put the texts of each class in a folder that has its name.",
      });
    }
    for (const label of classes) {
      const path = join(name, label);
      const files = await namesIn(join(folder, path), "files");
      for (let start = 0; start < files.length; start += batchSize) {
        const batch = files.slice(start, start + batchSize).map((file) => join(path, file));
        yield await Promise.all(batch.map((file) => textRecord(folder, file, label, encoding)));
      }
    }
  };
}

async function textRecord(
  folder: string,
  name: string,
  label: string,
  encoding: string,
): Promise<FileRecord> {
  const file = join(folder, name);
  if (!name.endsWith(".txt")) {
    throw new InputError({
      at: { file },
      found: "a file of another kind",
      expected: "texts in files *.txt",
      fix: "Put it elsewhere, or rename it.",
    });
  }
  const text = await readText(file, textBytes(file, encoding));
  return { id: name, values: [text, label], at: () => ({ file }) };
}

/** Lists the files or folders in a folder by their code points, without those whose name begins with a dot. */
async function namesIn(folder: string, kind: "files" | "folders"): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause) => {
    throw unreadable(cause, folder, "a folder");
  });
  return entries
    .filter((entry) => !entry.name.startsWith(".") && (kind === "folders") === entry.isDirectory())
    .map(({ name }) => name)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
