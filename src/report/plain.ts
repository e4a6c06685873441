import type { Table } from "./document.ts";

const inOneLine = (cell: string) => cell.replaceAll("\n", " ");

/** Renders a table as plain text in aligned columns, for a terminal. */
export function renderPlainTable({ headings, groups }: Table): string {
  const rows = [headings, ...groups.flat().map(({ name, cells }) => [name, ...cells.map(inOneLine)])];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])).join(
      "  ",
    );
  return rows.map(line).join("\n");
}
