/** Fits what programs print to the width of a terminal. */

import { stripVTControlCharacters } from "node:util";

/** Returns the columns of the terminal that a stream leads to; elsewhere nothing limits a line. */
export function outputColumns(stream: Pick<typeof Deno.stdout, "isTerminal"> = Deno.stdout): number {
  if (!stream.isTerminal()) return Infinity;
  return Deno.consoleSize().columns || 80; // some terminals say 0
}

/** Returns how many columns a text takes, which its colours don't. */
export function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Pads texts on the right, or on the left, so that all are as wide as the widest. */
export function aligned(texts: readonly string[], side: "left" | "right" = "left"): readonly string[] {
  const width = Math.max(0, ...texts.map(widthOf));
  return texts.map((text) => {
    const padding = " ".repeat(width - widthOf(text));
    return side === "left" ? text + padding : padding + text;
  });
}

const leastRoom = 24; // columns beside an indent, below which lines go on at the left

/**
 * Breaks a line that is too long: where two spaces part its pieces if that does, and else between words. What
 * follows is indented by `indent`, or by four where that would leave too little room.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { wrapped } from "./width.ts";
 *
 * assert.equal(wrapped("a text of some thirty-two letters", 0, 25), "a text of some thirty-two\nletters");
 * ```
 */
export function wrapped(line: string, indent: number, columns: number = outputColumns()): string {
  if (widthOf(line) <= columns) return line;
  const start = "\n" + " ".repeat(columns - indent < leastRoom ? 4 : indent);
  const room = columns - start.length + 1;
  let text = "";
  let width = 0;
  const add = (gap: string, piece: string) => {
    const isFirst = text === "" || width === 0;
    const fits = width + gap.length + widthOf(piece) <= columns;
    text += fits || isFirst ? gap + piece : start + piece;
    width = (fits || isFirst ? width + gap.length : start.length - 1) + widthOf(piece);
  };
  for (const [, gap = "", chunk = ""] of line.matchAll(/( *)(\S+(?: \S+)*)/g)) {
    if (widthOf(chunk) <= room) add(gap, chunk);
    else chunk.split(" ").forEach((word, index) => add(index === 0 ? gap : " ", word));
  }
  return text;
}

/** Fits lines to a width: tables among them lose their last columns, other lines are broken. */
export function fitted(lines: readonly string[], columns: number): readonly string[] {
  const isRow = (line: string) => /\S {2,}\S/.test(line);
  const runs: { readonly isTable: boolean; readonly lines: string[] }[] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    if (run?.isTable === isRow(line)) run.lines.push(line);
    else runs.push({ isTable: isRow(line), lines: [line] });
  }
  return runs.flatMap(({ isTable, lines }) =>
    isTable ? fittedTable(lines, columns) : lines.flatMap((line) => wrapped(line, 2, columns).split("\n"))
  );
}

function fittedTable(rows: readonly string[], columns: number): readonly string[] {
  const plain = rows.map(stripVTControlCharacters);
  if (plain.every((row) => row.length <= columns)) return rows;
  const isGap = (row: string, at: number) => row.slice(at - 1, at + 1).trim() === "";
  let end = columns - 2; // which leaves room for the ellipsis
  while (end > 0 && !plain.every((row) => isGap(row, end))) end--;
  if (end <= 0) return rows.flatMap((row) => wrapped(row, 2, columns).split("\n"));
  return plain.map((row, index) => `${row.slice(0, end).trimEnd()}${index === 0 ? " …" : ""}`);
}

/** Returns as many of a text's first items, between which commas stand, as have room. */
export function fittingItems(text: string, room: number): string {
  let shown = "";
  for (const item of text.split(", ")) {
    const longer = shown === "" ? item : `${shown}, ${item}`;
    if (longer.length > room) break;
    shown = longer;
  }
  return shown;
}

/** Prints lines, each of them broken where the terminal is too narrow for it. */
export function printLines(text: string, indent = 4): void {
  console.log(text.split("\n").map((line) => wrapped(line, indent)).join("\n"));
}
