/** Shows the instances that run now as a table: a line each, as wide as the terminal. */

import { blue, bytes, dim, roughDuration } from "../terminal/text.ts";
import { aligned, fittingItems, widthOf } from "../terminal/width.ts";
import type { InstanceProgress } from "./time_left.ts";

/** An instance that runs. */
export interface RunningRow extends InstanceProgress {
  readonly name: string;
  /** How many seconds it has run. */
  readonly elapsed: number;
  /** What it has reported last; undefined before it has reported anything. */
  readonly report: Report | undefined;
}

export interface Report {
  readonly done: number;
  readonly total: number;
  /** What there is to say, most important first, with commas between. */
  readonly text: string;
  /** The memory that its process held then; 0 where it has no process. */
  readonly heldBytes: number;
}

const barWidth = { wide: 20, narrow: 8 };
const wide = 90; // columns of a terminal that has room for a wide bar

/** Returns the lines. Where there is little room, the memory goes first, then the text, then the bar. */
export function runningLines(rows: readonly RunningRow[], columns: number): readonly string[] {
  const bars = columns < wide ? barWidth.narrow : barWidth.wide;
  const name = column(rows.map((row) => row.name), "left");
  const bar = column(rows.map(({ share }) => share === undefined ? "" : barOf(share, bars)), "left");
  const done = column(rows.map(({ report }) => report ? `${report.done}/${report.total}` : ""), "right");
  const left = column(rows.map(timeText), "right");
  const held = column(rows.map(({ report }) => report?.heldBytes ? bytes(report.heldBytes) : ""), "right");
  const first = column(rows.map(({ report }) => report?.text.split(", ")[0] ?? ""), "left");
  const shown = [name, done, left, bar, first, held].reduce<readonly Column[]>(
    (shown, next) => next.width > 0 && totalWidth([...shown, next]) <= columns - 2 ? [...shown, next] : shown,
    [],
  );
  const inOrder = [name, bar, done, left, held].filter((column) => shown.includes(column));
  return rows.map(({ report }, index) => {
    const cells = inOrder.map(({ cells }) => cells[index] ?? "").join("  ");
    const text = fittingItems(report?.text ?? "", columns - 4 - totalWidth(inOrder));
    return `${blue("▶")} ${text === "" ? cells : `${cells}  ${dim(text)}`}`;
  });
}

interface Column {
  /** The cells, each as wide as the column. */
  readonly cells: readonly string[];
  readonly width: number;
}

function column(texts: readonly string[], side: "left" | "right"): Column {
  const cells = aligned(texts, side);
  return { cells, width: widthOf(cells[0] ?? "") };
}

function totalWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width, 0) + 2 * (columns.length - 1);
}

/** The two kinds of line differ without colours too. */
function barOf(share: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  return blue("━".repeat(filled)) + dim("┄".repeat(width - filled));
}

function timeText({ seconds, elapsed }: RunningRow): string {
  return seconds === undefined ? `${roughDuration(elapsed)} so far` : `${roughDuration(seconds)} left`;
}
