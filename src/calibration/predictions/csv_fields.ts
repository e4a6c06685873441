import type { Location } from "../../errors.ts";
import { badRow, show } from "./bad_row.ts";

/** Whether a row goes on in the next line, because a quoted field with a line's end isn't closed yet. */
export function isUnfinished(row: string): boolean {
  let quotes = 0;
  for (let at = row.indexOf('"'); at >= 0; at = row.indexOf('"', at + 1)) quotes++;
  return quotes % 2 === 1;
}

/**
 * Finds what separates a header's fields: of comma, semicolon and tab the first between which a usual name
 * stands, or else the one that makes the most fields.
 */
export function separatorOf(header: string): string {
  const unquoted = header.replace(/"[^"]*"/g, "");
  const candidates = [",", ";", "\t"].map((separator) => ({ separator, names: unquoted.split(separator) }));
  const usual = candidates.find(({ names }) =>
    names.length > 1 && names.some((name) => /^\s*(label|(prob|logit)_\d+)\s*$/i.test(name))
  );
  return (usual ?? candidates.reduce((most, one) => one.names.length > most.names.length ? one : most))
    .separator;
}

/** A field, quoted or not, and the separator behind it. */
const fieldPatterns: Readonly<Record<string, RegExp>> = Object.fromEntries(
  [",", ";", "\t"].map((
    one,
  ) => [one, new RegExp(`(?:"((?:[^"]|"")*)"|([^"${one}]*))(${one}|$)`, "y")]),
);

/**
 * Splits a row into its fields. A quoted one may hold separators, doubled quotes and line ends (RFC 4180).
 *
 * @throws {InputError} where quotes don't match.
 */
export function fieldsOf(row: string, separator: string, at: Location): readonly string[] {
  if (!row.includes('"')) return row.split(separator);
  const fields: string[] = [];
  const field = fieldPatterns[separator];
  field.lastIndex = 0;
  for (let more = true; more;) {
    const found = field.exec(row);
    if (!found) {
      throw badRow(
        at,
        `quotes that don't match in ${show(row)}`,
        '"quoted ""fields""", closed in the same row',
      );
    }
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2]);
    more = found[3] === separator;
  }
  return fields;
}
