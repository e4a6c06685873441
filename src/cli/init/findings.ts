/** Says what was found in a person's files. */

import { readdirSync } from "node:fs";
import { describeForm, type Inspection } from "../../data/inspection/inspect.ts";
import { inspectedParts, type SourceFiles } from "../../data/inspection/parts.ts";
import { describeRepeats } from "../../data/inspection/repeats.ts";
import { FileParts } from "../../data/file_parts.ts";
import { describeSplit } from "../../data/split_summary.ts";
import { dataWarnings } from "../../data/warnings.ts";
import { excerpt, printable } from "../../excerpt.ts";
import { count, listed } from "../terminal/text.ts";
import { shownPath } from "./pipeline_text.ts";

/** Describes an inspection in lines. */
export function findingLines(files: SourceFiles, inspection: Inspection): readonly string[] {
  const { form, header, source, split } = inspection;
  const isTable = form.kind === "csv" || form.kind === "tsv";
  const names = isTable ? (header ? ", the first row names the columns" : ", without a header") : "";
  const rowsOf = { train: source.rows, dev: source.dev, test: source.test };
  return [
    `${printable(shownPath(files.input), 200)}: ${describeForm(form)}${names}`,
    ...inspectedParts.filter((part) => files.parts[part].length > 0).map((part) =>
      `  ${part.padEnd(5)}  ${count(rowsOf[part]?.length ?? 0, "row")} of ${
        printable(files.parts[part].join(", "), 200)
      }`
    ),
    ...neighbours(files),
    ...(form.kind === "lines" ? [] : columnLines(inspection)),
    balance(inspection),
    ...describeRepeats(split),
    ...describeSplit(source, split),
    ...dataWarnings(source, split),
  ];
}

/** Says what else is in the folder, which counts as the input as a whole. */
function neighbours({ folder, input, parts }: SourceFiles): readonly string[] {
  if (input !== folder) return [];
  const named = new Set(Object.values(parts).flat().map((name) => name.split(/[/#]/, 1)[0]));
  const others = readdirSync(folder).filter((name) => !named.has(name)).sort();
  if (others.length === 0) return [];
  return [
    `note: the folder also holds ${
      printable(listed(others, 3), 200)
    }, whose changes count as changes of the data`,
  ];
}

/** Says what each column is taken for, and how to say otherwise. */
function columnLines({ columns, roles, header }: Inspection): readonly string[] {
  const shown = ({ column }: { readonly column: string | number }) =>
    typeof column === "number" ? String(column) : excerpt(column, 40).slice(1, -1);
  const width = Math.max(...columns.map((column) => shown(column).length));
  const lines = columns.map((column) => {
    const role = (["text", "pair", "label"] as const).find((role) => roles[role] === column.column);
    const what = role === undefined
      ? "not used"
      : role === "label"
      ? `the label: ${column.values?.size ?? "many"} different ones`
      : `the ${role === "pair" ? "second text" : "text"}: ${
        Math.round(column.characters)
      } characters on average`;
    return `  ${shown(column).padEnd(width)}  ${what}`;
  });
  const how = `--text-column, --pair-column and --label-column name others${
    header ? "" : ", by number from 0"
  }`;
  return [`columns, by a guess; ${how}:`, ...lines];
}

const mostListed = 6; // classes

/** Says how the rows are spread over the classes. */
function balance({ source }: Inspection): string {
  const { rows } = new FileParts(source);
  const counts = source.classes.map(() => 0);
  for (const { label } of rows) counts[label]++;
  const sorted = source.classes.map((name, index) => ({ name: excerpt(name, 30), count: counts[index] }))
    .sort((a, b) => b.count - a.count);
  const share = (count: number) =>
    `${(100 * count / rows.length).toFixed(count < rows.length / 100 ? 1 : 0)} %`;
  const shown = (one: { readonly name: string; readonly count: number }) =>
    `${one.name} ${one.count} (${share(one.count)})`;
  if (sorted.length <= mostListed) return `rows by class: ${sorted.map(shown).join(", ")}`;
  const [most, fewest] = [sorted[0], sorted.at(-1)!];
  return `rows by class: from ${shown(most)} to ${shown(fewest)}`;
}
