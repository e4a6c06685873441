import type { DescribedSource } from "../../data/inspection/inspect.ts";

type Readable = Pick<DescribedSource, "form" | "header" | "roles">;

/**
 * Names a file of new texts, and its columns, as `predict` takes them: in the form of the file that there is, or as
 * plain lines where its columns have no names or lie within others.
 */
export function newTexts({ form: { kind, delimiter }, header, roles: { text, pair } }: Readable): string {
  const canBeNamed = (column: string | number) =>
    typeof column === "string" && !(kind === "jsonl" && column.includes("."));
  const isNamed = header && [text, pair ?? "pair"].every(canBeNamed);
  if (!["csv", "tsv", "jsonl"].includes(kind) || !isNamed) return "NEW.txt";
  const named = (column: string | number) => kind === "jsonl" ? String(column) : String(column).trim();
  const quoted = (column: string | number) => `'${named(column).replaceAll("'", "'\\''")}'`;
  return [
    `NEW.${kind} --text-column ${quoted(text)}`,
    ...(pair === undefined ? [] : [`--pair-column ${quoted(pair)}`]),
    ...(delimiter === undefined || delimiter === "," ? [] : [`--delimiter '${delimiter}'`]),
  ].join(" ");
}
