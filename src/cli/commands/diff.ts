/** `diff A [B]` shows what differs between two results. */

import type { Command } from "commander";
import type { FileChange } from "../../pipeline/explain/changes.ts";
import { type Difference, differenceOf, type NumberChange } from "../../pipeline/explain/diff.ts";
import { oneLine } from "../terminal/one_line.ts";
import { bold, dim, green, short } from "../terminal/text.ts";
import { printLines } from "../terminal/width.ts";
import { describeChanges } from "./changes_text.ts";
import { projectStore } from "./project_store.ts";

const mostNumbers = 40; // in a table for a person; --json prints them all

const examples = `
Examples:
  deno task pipeline diff evaluate@scalar                     its newest result and the one before
  deno task pipeline diff evaluate@baseline evaluate@scalar
  deno task pipeline diff 4c89a97e evaluate@scalar --json     a result by the start of its key

Exit codes: 0 done, 2 wrong input.`;

export function addDiffCommand(program: Command): void {
  program.command("diff")
    .description("compare two results: what they depend on, the numbers in their JSON files, their files")
    .argument("<a>", "an instance (for its newest result) or the start of a result's key")
    .argument("[b]", "the same; if left out, A is compared with the newest other result of its instance")
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(showDifference);
}

function showDifference(
  a: string,
  b: string | undefined,
  { json }: { readonly json: boolean },
  command: Command,
): void {
  const difference = differenceOf(projectStore(command), a, b);
  if (json) console.log(JSON.stringify(difference, null, 2));
  else printLines(describe(difference));
}

function describe({ before, after, changes, numbers, files }: Difference): string {
  const sides = [before, after].map(({ instance, key, ended }, index) =>
    `${index === 0 ? "from" : "to  "} ${bold(instance)}  ${
      dim(`made ${ended.slice(0, 16).replace("T", " ")}, key ${short(key)}`)
    }`
  );
  const shown = numbers.slice(0, mostNumbers);
  const more = numbers.length - shown.length;
  const sections = [
    ...section("depends on", describeChanges(changes)),
    ...section("numbers", [
      ...inColumns(shown.map(numberCells)),
      ...(more > 0 ? [dim(`  and ${more} more: --json`)] : []),
    ]),
    ...section("files", inColumns(files.map(fileCells))),
  ];
  return [...sides, ...(sections.length > 0 ? sections : [green("no difference")])].join("\n");
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length > 0 ? ["", bold(title), ...lines] : [];
}

function numberCells({ file, path, before, after }: NumberChange): readonly string[] {
  const change = before === undefined || after === undefined ? 0 : after - before;
  const difference = change === 0 ? "" : dim(`  ${change > 0 ? "+" : ""}${rounded(change)}`);
  return [file, path, `${rounded(before)} → ${rounded(after)}${difference}`];
}

function rounded(value: number | undefined): string {
  return value === undefined ? "none" : String(Number(value.toPrecision(6)));
}

function fileCells({ file, before, after }: FileChange): readonly string[] {
  const [old, current] = [before, after].map((digest) => digest === undefined ? "none" : short(digest));
  return [file, `${old} → ${current}`];
}

/** Joins each row's cells to a line; all but the last are padded to their column's width. */
function inColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0))
  );
  const padded = (cell: string, column: number, { length }: readonly string[]) =>
    column < length - 1 ? cell.padEnd(widths[column] ?? 0) : cell;
  return rows.map((cells) => oneLine(`  ${cells.map(padded).join("  ")}`));
}
