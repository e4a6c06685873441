import type { Location } from "../../errors.ts";
import { badRow, show } from "./bad_row.ts";
import { type ColumnNames, type FieldName, fieldNames } from "./reading.ts";
import type { FoundRow, ReadRow } from "./row.ts";

/**
 * Makes a function that reads a row of JSON Lines.
 *
 * @param named The fields that have other names. Several that hold the numbers of classes become a list.
 */
export function jsonRows(named: ColumnNames = {}): ReadRow {
  const renamed = Object.keys(named).length > 0;
  return (text, at) => {
    const row = parseObject(text, at);
    return renamed ? withNames(row, named, at) : row;
  };
}

function withNames(row: Readonly<Record<string, unknown>>, named: ColumnNames, at: Location): FoundRow {
  const isForm = (field: FieldName) => field === "logits" || field === "probs";
  const namesForm = named.logits !== undefined || named.probs !== undefined;
  const fieldOf = (name: string) => {
    if (name in row) return row[name];
    throw badRow(at, `no field ${show(name)}`, "the fields that --columns names");
  };
  return Object.fromEntries(fieldNames.flatMap((field) => {
    const names = named[field];
    if (names) return [[field, names.length === 1 ? fieldOf(names[0]) : names.map(fieldOf)]];
    return namesForm && isForm(field) ? [] : [[field, row[field]]];
  }));
}

function parseObject(text: string, at: Location): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw badRow(at, `a line that is not JSON (${reason})`, "one JSON object a line", adviceOnJson(text));
  }
  if (Array.isArray(value)) throw badRow(at, show(value), "one JSON object a line", adviceOnJson(text));
  if (typeof value !== "object" || value === null) throw badRow(at, show(value), "one JSON object a line");
  return value as Readonly<Record<string, unknown>>;
}

/** Says what to do about text that other programs write as JSON. */
function adviceOnJson(text: string): string | undefined {
  if (/^\s*[[{]\s*($|\{)/.test(text)) {
    return "For example, `jq -c '.[]' a.json > a.jsonl` puts each row of a list on a line of its own.";
  }
  if (/\b(NaN|Infinity)\b/.test(text)) return "JSON has no NaN and no Infinity: write finite numbers.";
  return undefined;
}
