import type { Calibrator } from "../../calibration/calibrators/fit.ts";
import type { Interval } from "../../calibration/resampling/interval.ts";
import type { MetricName } from "../../calibration/metrics/figures.ts";
import type { PredictionFigures } from "../../calibration/measure.ts";
import type { VoteFigureName } from "../../calibration/prediction_votes.ts";
import type { Temperature } from "../../calibration/calibrators/temperature.ts";
import { formatCount, formatDecimal } from "../../report/format.ts";
import type { Comparison } from "./comparison.ts";
import { bold } from "../terminal/text.ts";

/** What is known of a file of predictions. */
export interface Measured extends PredictionFigures, Partial<Record<VoteFigureName, Interval | number>> {
  readonly n: number;
  readonly classes: number;
  /** What they were calibrated by. */
  readonly calibrator?: Pick<Calibrator, "name" | "summary" | "note">;
  /** What its logits were divided by, where it is a temperature. */
  readonly temperature?: Temperature;
}

/** A line for each figure, with its interval where there is one. */
export function figuresText(file: string, measured: Measured): string {
  const { n, classes, calibrator, temperature: _, ...figures } = measured;
  const calibrated = calibrator ? `, calibrated by ${calibrator.name} (${calibrator.summary})` : "";
  const note = calibrator?.note === undefined ? "" : `  Note: ${calibrator.note}.\n`;
  const rows = Object.entries<Interval | number>(figures).map(([name, figure]) => {
    return typeof figure === "number" ? [name, digits(figure)] : [name, digits(figure.value), bounds(figure)];
  });
  return `${title(file, n, classes)}${calibrated}\n${note}${aligned(rows)}`;
}

/** A line for each figure: of both files, and the difference with its interval and what it lets one say. */
export function comparisonText({ n, classes, reference, compared, difference }: Comparison): string {
  const names = Object.keys(difference) as MetricName[];
  const rows = names.map((name) => {
    const own = difference[name];
    return [
      ...[name, digits(reference[name]), digits(compared[name])],
      ...[signed(own.value), bounds(own), own.verdict],
    ];
  });
  const heading = ["", "A", "B", "B − A", "95 %", ""];
  return `${title(`A ${reference.file}, B ${compared.file}`, n, classes)}\n${aligned([heading, ...rows])}`;
}

function title(name: string, n: number, classes: number): string {
  return `${bold(name)}: ${formatCount(n)} ${n === 1 ? "example" : "examples"}, ${classes} classes`;
}

/** Columns as wide as their widest cell; the first and the words at the end to the left, numbers to the right. */
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
