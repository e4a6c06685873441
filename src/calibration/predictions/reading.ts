import { InputError } from "../../errors.ts";
import { suggestion } from "../../nearest.ts";

/** The fields of a row of predictions. */
export const fieldNames = ["id", "label", "logits", "probs", "energy", "votes"] as const;

/** The name of a field of a row of predictions. */
export type FieldName = typeof fieldNames[number];

/** The columns, or fields of a JSON object, that hold each field, where they have other names. */
export type ColumnNames = Readonly<Partial<Record<FieldName, readonly string[]>>>;

/** How a file of predictions is to be read, where it isn't of the usual form. */
export interface Reading {
  /**
   * Other names of columns. Those of logits and probabilities are in the order of the classes; a single one
   * is that of class 1 of two.
   */
  readonly columns?: ColumnNames | undefined;
  /** The names that labels have instead of numbers, in the order of the classes. */
  readonly classNames?: readonly string[] | undefined;
  /** Whether the probabilities of each row are divided by their sum. */
  readonly normalize?: boolean | undefined;
  /** The file's bytes, where they don't come from the file system. */
  readonly source?: AsyncIterable<Uint8Array> | undefined;
}

/**
 * Reads names of columns as they stand on a command line: `label=y_true,probs=p0,p1`, where what has no name
 * of a field belongs to the field before it.
 *
 * @throws {InputError} where a field is unknown or named twice, or there are several columns of one value.
 */
export function parseColumns(text: string): ColumnNames {
  const columns: Partial<Record<FieldName, string[]>> = {};
  let last: FieldName | undefined;
  for (const part of text.split(",")) {
    const [, name, column] = part.match(/^\s*(\w+)\s*=(.*)$/) ?? [undefined, undefined, part];
    if (name !== undefined) {
      last = fieldNames.find((one) => one === name) ?? unknownField(name);
      if (columns[last]) throw badColumns(text, `${last} named twice`);
    }
    if (last === undefined || column.trim() === "") throw badColumns(text, `${JSON.stringify(part)} in it`);
    (columns[last] ??= []).push(column.trim());
  }
  for (const [name, several] of Object.entries(columns)) {
    if (name !== "logits" && name !== "probs" && several.length > 1) {
      throw badColumns(text, `${several.length} columns of ${name}`);
    }
  }
  if (columns.logits && columns.probs) throw badColumns(text, "both logits and probs");
  return columns;
}

function unknownField(name: string): never {
  throw new InputError({
    found: `the field "${name}" in --columns`,
    expected: `one of ${fieldNames.join(", ")}`,
    fix: suggestion(name, fieldNames),
  });
}

function badColumns(text: string, found: string): InputError {
  return new InputError({
    found: `--columns ${JSON.stringify(text)} with ${found}`,
    expected: "FIELD=COLUMN,… with each field once",
    fix: "For example: --columns label=y_true,probs=p0,p1",
  });
}
