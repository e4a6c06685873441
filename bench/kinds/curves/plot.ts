import * as Plot from "@observablehq/plot";
import { gridY, named } from "../../../src/report/charts/axes.ts";
import { colour } from "../../../src/report/charts/colours.ts";
import { draw } from "../../../src/report/charts/drawing.ts";
import { chartFile } from "../../../src/report/charts/file.ts";

/** A value for each step. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/** The losses of each run, and the differences between two runs' losses. */
export interface Curves {
  readonly losses: readonly Series[];
  readonly differences: readonly Series[];
}

/** Runs may agree to the last digit, so a smaller difference is drawn as this one. */
const smallestDifference = 1e-7;

/** What tells lines apart: a colour and dashes, the first line below the others. */
const looks = [
  { stroke: colour("reference"), strokeWidth: 4, strokeOpacity: 0.5 },
  { stroke: colour("first"), strokeWidth: 1.5 },
  { stroke: colour("second"), strokeWidth: 1.5, strokeDasharray: "4 3" },
] as const;

/** Draws the losses and, beside them on a logarithmic axis, their differences, as an SVG file. */
export function curvePlot({ losses, differences }: Curves): string {
  const drawn = differences.map(({ name, values }) => ({
    name,
    values: values.map((value) => Math.max(value, smallestDifference)),
  }));
  return chartFile({
    panels: [
      { title: "loss", drawing: drawSeries("Loss", losses, "linear", "top-right") },
      { title: "differences", drawing: drawSeries("Difference of losses", drawn, "log", "bottom-right") },
    ],
  });
}

/** @param corner where the lines leave room for their names */
function drawSeries(
  label: string,
  series: readonly Series[],
  type: "linear" | "log",
  corner: "top-right" | "bottom-right",
) {
  const placed = { frameAnchor: corner, dx: -6 } as const;
  const down = (index: number) => corner === "top-right" ? 6 + 14 * index : -6 - 14 * index;
  const powers = Array.from({ length: 9 }, (_, index) => 10 ** (index - 7));
  return draw(`${label} by step: ${series.map(({ name }) => name).join(", ")}`, {
    ...{ width: 440, height: 260, marginLeft: 62, marginRight: 12, marginTop: 10, marginBottom: 36 },
    x: { ...named("Step"), ticks: 5 },
    y: { ...named(label), type, ...(type === "log" ? { ticks: powers, tickFormat: "~e" } : { ticks: 5 }) },
    marks: [
      gridY(type === "log" ? powers : 5),
      ...series.map(({ values }, index) =>
        Plot.line(values, {
          x: (_: number, step: number) => step + 1,
          y: (value: number) => value,
          ...looks[index],
        })
      ),
      ...series.map(({ name }, index) =>
        Plot.text([name], { ...placed, dy: down(index), fill: looks[index].stroke })
      ),
    ],
  });
}
