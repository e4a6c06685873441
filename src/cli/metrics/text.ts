import type { Calibrator } from "../../calibration/calibrators/calibrator.ts";
import type { Measured } from "../../calibration/measure.ts";
import type { Interval } from "../../calibration/resampling/interval.ts";
import { formatCount, formatDecimal } from "../../report/format.ts";
import { oneLine } from "../terminal/one_line.ts";
import { bold } from "../terminal/text.ts";
import type { Comparison } from "./comparison.ts";

/** What was measured of a file of predictions. */
export interface MeasuredFile {
  readonly name: string;
  readonly n: number;
  readonly classes: number;
  /** By the name of the figure. */
  readonly figures: Readonly<Record<string, Measured>>;
  /** What the predictions were calibrated by. */
  readonly calibrator: Calibrator | undefined;
  /** What makes the figures say less than they seem to. */
  readonly warning: string | undefined;
}

/** Shows a line for each figure, with its interval where there is one. A warning comes first. */
export function measuredText(
  { name: file, n, classes, figures, calibrator, warning }: MeasuredFile,
): string {
  const first = warning === undefined ? "" : `Warning: ${warning}.\n`;
  const calibrated = calibrator ? oneLine(`, calibrated by ${calibrator.name} (${calibrator.summary})`) : "";
  const note = calibrator?.note === undefined ? "" : `  Note: ${oneLine(calibrator.note)}.\n`;
  const rows = Object.entries(figures).map(([name, figure]) => {
    return typeof figure === "number" ? [name, digits(figure)] : [name, digits(figure.value), bounds(figure)];
  });
  return `${first}${title(file, n, classes)}${calibrated}\n${note}${aligned(rows)}`;
}

/** Shows a line for each figure: that of both files, and the difference with its interval and its verdict. */
export function comparisonText({ n, classes, reference, compared, difference }: Comparison): string {
  const rows = Object.entries(difference).map(([name, own]) => [
    ...[name, digits(reference.figures[name]), digits(compared.figures[name])],
    ...[signed(own.value), bounds(own), own.verdict],
  ]);
  const heading = ["", "A", "B", "B − A", "95 %", ""];
  return `${title(`A ${reference.file}, B ${compared.file}`, n, classes)}\n${aligned([heading, ...rows])}`;
}

function title(name: string, n: number, classes: number): string {
  return `${bold(name)}: ${formatCount(n)} ${n === 1 ? "example" : "examples"}, ${classes} classes`;
}

/**
 * Pads each column to its widest cell: numbers on the left, names and the words of the last column on the
 * right.
 */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row.map((cell, column) =>
      column === 0 || column > 4 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])
    ).join("  ").trimEnd()
  ).map((line) => `  ${line}`.trimEnd()).join("\n");
}

function bounds({ low, high }: Interval): string {
  return `[${digits(low)}, ${digits(high)}]`;
}

function signed(value: number): string {
  return value > 0 ? `+${digits(value)}` : digits(value);
}

function digits(value: number): string {
  if (Number.isNaN(value)) return "undefined";
  return Number.isFinite(value) ? formatDecimal(value, 4) : value > 0 ? "∞" : "−∞";
}
