import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../errors.ts";
import { excerpt, excerpts } from "../../excerpt.ts";
import { readText } from "../../lines.ts";
import { suggestion } from "../../nearest.ts";
import { checkFirst, pathOfColumn } from "./json_records.ts";
import { faultInJson, lineAndColumn, placeOfValue, valueAt } from "./json_values.ts";
import { columnsSchema, commonFields, textFields } from "./options.ts";
import type { Column, FileRecord, RecordReader } from "./record.ts";
import { textBytes } from "./text_file.ts";

/** The schema of a source of JSON. */
export const jsonSchema = z.strictObject({
  kind: z.literal("json"),
  ...commonFields,
  ...textFields,
  columns: columnsSchema,
}).describe(
  "Files that are a list of objects, or of lists of values, as JSON. Where the file is an object with such lists, " +
    "`files` names one as `<file>#<member>`, such as `data_full.json#train`.",
);

/** The parameters of a source of JSON. */
export type JsonOptions = z.output<typeof jsonSchema>;

/** Returns a reader of JSON. */
export function jsonReader({ encoding }: JsonOptions): RecordReader {
  return async function* (folder, name, columns) {
    const [path, member] = memberOf(name);
    const file = join(folder, path);
    const text = await readText(file, textBytes(file, encoding));
    yield listRecords({ file, name, text, member, columns });
  };
}

/**
 * Splits the name of a file from that of a list in it: at the # behind `.json`, or else at the last one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { memberOf } from "./json.ts";
 *
 * assert.deepEqual(memberOf("no#1.json"), ["no#1.json", undefined]);
 * assert.deepEqual(memberOf("no#1.json#train"), ["no#1.json", "train"]);
 * assert.deepEqual(memberOf("all.txt#train"), ["all.txt", "train"]);
 * ```
 */
export function memberOf(name: string): readonly [string, string | undefined] {
  const [, file, list] = name.match(/^(.*?\.json(?:\.gz)?)(?:#(.*))?$/i) ?? [];
  if (file !== undefined) return [file, list];
  const at = name.lastIndexOf("#");
  return at < 0 ? [name, undefined] : [name.slice(0, at), name.slice(at + 1)];
}

/** A list in a file. */
interface JsonList {
  readonly file: string;
  readonly name: string;
  readonly text: string;
  readonly member: string | undefined;
  readonly columns: readonly Column[];
}

function listRecords({ file, name, text, member, columns }: JsonList): readonly FileRecord[] {
  const whole = parsed(text, file);
  const keys = member === undefined ? [] : [member];
  const list = valueAt(whole, keys);
  if (!Array.isArray(list)) throw noList(file, whole, member);
  const placeOf = (path: readonly (string | number)[]) => ({
    file,
    ...lineAndColumn(text, placeOfValue(text, [...keys, ...path])),
  });
  if (list.length === 0) {
    throw new InputError({ at: placeOf([]), found: "an empty list", expected: "a row in it" });
  }
  checkFirst(list[0], columns, placeOf([0]));
  return list.map((record, number) => {
    const paths = columns.map((column) => pathOfColumn(record, column));
    return {
      id: `${name}:${number + 1}`,
      values: paths.map((path) => valueAt(record, path)),
      at: (index) => placeOf([number, ...paths[index]]),
    };
  });
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const isLines = /^\s*\{.*\}\s*\n\s*\{/.test(text);
    throw new InputError({
      at: { file, ...lineAndColumn(text, faultInJson(text) ?? 0) },
      found: text.trim() === "" ? "an empty file" : "a file that isn't JSON from here on",
      expected: "a list of rows as JSON",
      fix: isLines ? "If each line is JSON on its own, set `kind: jsonl`." : undefined,
    }, { cause });
  }
}

function noList(file: string, whole: unknown, member: string | undefined): InputError {
  const lists = typeof whole === "object" && whole !== null
    ? Object.entries(whole).flatMap(([name, value]) => Array.isArray(value) ? [name] : [])
    : [];
  const found = lists.length > 0 ? `an object with the lists ${excerpts(lists)}` : "no list";
  return new InputError({
    at: { file },
    found,
    expected: member === undefined ? "a list of rows" : `a list ${excerpt(member)}`,
    fix: lists.length === 0
      ? undefined
      : member === undefined
      ? `Name one of them behind the file in \`files\`, such as \`FILE#${lists[0]}\`.`
      : suggestion(member, lists),
  });
}
