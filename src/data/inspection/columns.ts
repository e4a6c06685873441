/** Lists the columns of a file that nobody has described. */

import { join } from "node:path";
import { readText } from "../../lines.ts";
import { csvRows } from "../sources/csv_rows.ts";
import { memberOf } from "../sources/json.ts";
import { valueAt } from "../sources/json_values.ts";
import { openParquet } from "../sources/parquet_file.ts";
import type { Column } from "../sources/record.ts";
import { textBytes } from "../sources/text_file.ts";
import { lineBatches } from "../../lines.ts";
import { tableBatches } from "../table.ts";
import type { Form } from "./form.ts";

/**
 * Lists the columns by which a file's records are read: those of a table by number, since nobody knows yet
 * whether its first row names them, and members of members of JSON with dots between their names. What isn't
 * JSON has none here: its reader says what is wrong.
 *
 * @throws {InputError} where the file can't be read
 */
export async function columnsIn(folder: string, name: string, form: Form): Promise<readonly Column[]> {
  const { kind, encoding } = form;
  const file = join(folder, name);
  switch (kind) {
    case "csv":
      return numbered(await firstOf(csvRows(file, textBytes(file, encoding), form.delimiter ?? ",")));
    case "tsv":
      return numbered(await firstOf(tableBatches(file, undefined, textBytes(file, encoding))));
    case "jsonl": {
      const lines = async function* () {
        for await (const batch of lineBatches(file, textBytes(file, encoding))) {
          yield batch.filter((line) => line.trim() !== "");
        }
      };
      return membersOf(parsed(await firstOf(lines()) ?? ""));
    }
    case "json": {
      const [path, member] = memberOf(name);
      const list = valueAt(
        await parsedFile(join(folder, path), encoding),
        member === undefined ? [] : [member],
      );
      return membersOf(Array.isArray(list) ? list[0] : undefined);
    }
    case "parquet":
      return (await openParquet(file)).names;
    case "lines":
      return ["text", "label"];
  }
}

/** Names the lists of rows in a file of JSON, as `files` of a source does. */
export async function listsIn(file: string, encoding: string): Promise<readonly string[]> {
  const whole = await parsedFile(file, encoding);
  if (typeof whole !== "object" || whole === null || Array.isArray(whole)) return [];
  return Object.entries(whole).flatMap(([name, list]) => isRows(list) ? [name] : []);
}

function isRows(list: unknown): boolean {
  return Array.isArray(list) && typeof list[0] === "object" && list[0] !== null;
}

async function parsedFile(file: string, encoding: string): Promise<unknown> {
  return parsed(await readText(file, textBytes(file, encoding)));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function firstOf<Item>(batches: AsyncIterable<readonly Item[]>): Promise<Item | undefined> {
  for await (const [first] of batches) if (first !== undefined) return first;
  return undefined;
}

function numbered(row: { readonly fields: readonly string[] } | undefined): readonly number[] {
  return [...(row?.fields ?? []).keys()];
}

const deepest = 3; // members of members, which more would hardly be columns

function membersOf(record: unknown): readonly Column[] {
  if (Array.isArray(record)) return [...record.keys()];
  return membersWithin(record, [], deepest);
}

function membersWithin(value: unknown, path: readonly string[], levels: number): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const isObject = typeof member === "object" && member !== null && !Array.isArray(member);
    const inner = [...path, name];
    return isObject && levels > 1 ? membersWithin(member, inner, levels - 1) : [inner.join(".")];
  });
}
