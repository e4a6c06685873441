import { type AsyncBuffer, asyncBufferFromFile, type FileMetaData, parquetMetadataAsync } from "hyparquet";
import { InputError } from "../../errors.ts";
import { excerpt, excerpts } from "../../excerpt.ts";
import { unreadable } from "../../lines.ts";
import { nearestSpelling } from "../labels.ts";
import type { Column } from "./record.ts";

/** A Parquet file, of which the description at its end was read. */
export interface ParquetFile {
  readonly buffer: AsyncBuffer;
  readonly metadata: FileMetaData;
  /** The names of its columns; a structure is one. */
  readonly names: readonly string[];
}

/**
 * Opens a Parquet file.
 *
 * @throws {InputError} where it can't be read, or isn't one
 */
export async function openParquet(file: string): Promise<ParquetFile> {
  const buffer = await asyncBufferFromFile(file).catch((cause) => {
    throw unreadable(cause, file, "a Parquet file");
  });
  return await asParquet(file, async () => {
    const metadata = await parquetMetadataAsync(buffer);
    return { buffer, metadata, names: topLevelNames(metadata) };
  });
}

/**
 * Returns the path of a column: a name, or names with dots between them that lead to a member of a structure.
 *
 * @throws {InputError} where it isn't there
 */
export function pathOf(file: string, names: readonly string[], column: Column): readonly string[] {
  const path = typeof column === "number"
    ? [names[column]]
    : names.includes(column)
    ? [column]
    : column.split(".");
  if (names.includes(path[0])) return path;
  const near = typeof column === "string" ? nearestSpelling(column, names) : undefined;
  throw new InputError({
    at: { file },
    found: typeof column === "number" ? `${names.length} columns` : `the columns ${excerpts(names)}`,
    expected: typeof column === "number" ? `a column ${column}, counted from 0` : `a column "${column}"`,
    fix: near ? `Correct \`columns\`: ${excerpt(near)} may be meant.` : "Correct `columns`.",
  });
}

/** Lists the columns. The schema is a tree, written from its root on, each node before its children. */
function topLevelNames({ schema: [root, ...nodes] }: FileMetaData): string[] {
  const names: string[] = [];
  let at = 0;
  const skip = () => {
    const { num_children = 0 } = nodes[at++];
    for (let child = 0; child < num_children; child++) skip();
  };
  for (let child = 0; child < (root.num_children ?? 0); child++) {
    names.push(String(nodes[at].name));
    skip();
  }
  return names;
}

/**
 * Does what may fail where a file isn't Parquet as it should be.
 *
 * @throws {InputError} where it does
 */
export async function asParquet<Value>(file: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError({
      at: { file },
      found: `a file that can't be read as Parquet (${excerpt(reason).slice(1, -1)})`,
      expected: "a Parquet file",
      fix: "Copy the file again, or set another `kind`.",
    }, { cause });
  }
}
