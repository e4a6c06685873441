import { InputError, type Location } from "../../errors.ts";
import { excerpt, excerpts } from "../../excerpt.ts";
import { nearestSpelling } from "../labels.ts";
import { type JsonPath, valueAt } from "./json_values.ts";
import type { Column } from "./record.ts";

/**
 * Returns the path of a column in a record: its number in a list, the name of a member, or names with dots between
 * them that lead to a member of a member, or an element of one. A member whose name has dots itself comes first.
 */
export function pathOfColumn(record: unknown, column: Column): JsonPath {
  if (typeof column === "number" || valueAt(record, [column]) !== undefined) return [column];
  return column.split(".");
}

/**
 * Checks that the first record of a file has what is asked for.
 *
 * @throws {InputError} where it is no object or list, or lacks a column
 */
export function checkFirst(record: unknown, columns: readonly Column[], at: Location): void {
  if (typeof record !== "object" || record === null) {
    throw new InputError({
      at,
      found: `${excerpt(JSON.stringify(record) ?? "", 80)} as a row`,
      expected: "an object, or a list of values",
    });
  }
  const names = Object.keys(record);
  for (const column of columns) {
    if (valueAt(record, pathOfColumn(record, column)) !== undefined) continue;
    const near = typeof column === "string" && !Array.isArray(record)
      ? nearestSpelling(column, names)
      : undefined;
    throw new InputError({
      at,
      found: Array.isArray(record) ? `a list of ${record.length} values` : `the fields ${excerpts(names)}`,
      expected: typeof column === "string" ? `a field "${column}"` : `a value ${column}, counted from 0`,
      fix: near ? `Correct \`columns\`: ${excerpt(near)} may be meant.` : "Correct `columns`.",
    });
  }
}
