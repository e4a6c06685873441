import * as Plot from "@observablehq/plot";
import { gridX, named } from "../../src/report/charts/axes.ts";
import { colour } from "../../src/report/charts/colours.ts";
import { draw } from "../../src/report/charts/drawing.ts";
import { chartFile } from "../../src/report/charts/file.ts";

/** How many times as fast as the other program Calibrant did a work, both in the same precision. */
interface Speedup {
  readonly work: string;
  readonly factor: number;
  readonly precision: "float32" | "bfloat16";
}

/** The columns of `resultHeadings` with both programs in the same precision. */
const columns = { "float32 : float32": "float32", "bf16 : bf16": "bfloat16" } as const;

/**
 * Draws each comparison of speed that the page docs/benchmarks.md has, as an SVG file; undefined where it has
 * none. The page is the only record of what was measured, so that the chart is made of its tables.
 */
export function speedChart(page: string): string | undefined {
  const all = speedupsIn(page);
  if (all.length === 0) return undefined;
  const works = [...new Set(all.map(({ work }) => work))];
  const rows = all.map((speedup) => ({ ...speedup, row: works.indexOf(speedup.work) }));
  const told = all.map(({ work, factor, precision }) => `${work}: ${factor} in ${precision}`);
  const drawing = draw(`How many times as fast as the other program: ${told.join("; ")}`, {
    width: 760,
    height: 52 + 22 * works.length,
    marginLeft: 20 + 6.2 * Math.max(...works.map((work) => work.length)),
    marginRight: 36,
    marginTop: 6,
    marginBottom: 36,
    x: { ...named("Times as fast as the other program"), domain: [0, 1.05 * Math.max(...all.map(factorOf))] },
    y: {
      domain: [works.length - 0.5, -0.5],
      ticks: works.map((_, row) => row),
      tickFormat: (row: number) => works[row],
      tickSize: 0,
      label: null,
    },
    marks: [
      gridX(6),
      Plot.ruleX([1], { stroke: colour("reference"), strokeWidth: 1.5, strokeDasharray: "5 3" }),
      Plot.dot(rows, {
        x: "factor",
        y: "row",
        r: 4,
        stroke: ({ precision }) => colour(precision === "bfloat16" ? "first" : "second"),
        strokeWidth: 1.75,
        fill: ({ precision }) => colour(precision === "bfloat16" ? "first" : "surface"),
      }),
    ],
  });
  const title =
    "Times as fast as PyTorch or transformers; filled dots bfloat16, hollow dots float32 on both sides";
  return chartFile({ panels: [{ title, drawing }] });
}

const factorOf = ({ factor }: Speedup) => factor;

/** Reads the tables that have a column for both programs in the same precision. */
function speedupsIn(page: string): readonly Speedup[] {
  let headings: readonly string[] = [];
  return page.split("\n").flatMap((line) => {
    if (!line.startsWith("|")) {
      headings = [];
      return [];
    }
    const cells = line.split("|").slice(1, -1).map((cell) => cell.trim());
    if (headings.length === 0) {
      headings = cells;
      return [];
    }
    return Object.entries(columns).flatMap(([column, precision]) => {
      const [, factor] = cells[headings.indexOf(column)]?.match(/^\**([\d.]+)×/) ?? [];
      return factor === undefined
        ? []
        : [{ work: `${headings[0]}: ${cells[0]}`, factor: Number(factor), precision }];
    });
  });
}
