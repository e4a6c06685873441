import * as Plot from "@observablehq/plot";
import type { VariantComparison } from "../comparison.ts";
import type { Chart, Panel } from "../document.ts";
import { formatCount, formatScore } from "../format.ts";
import { title } from "../terms.ts";
import { gridY, named, panelSize, referenceLine, variantLine } from "./axes.ts";
import { colour } from "./colours.ts";
import { draw } from "./drawing.ts";

type Curves = VariantComparison["curves"];

/** Draws what trainings measured on tune by step; undefined where fewer than two steps were measured. */
export function curvesChart(
  { curves, reference }: Pick<VariantComparison, "curves" | "reference">,
): Chart | undefined {
  const figures = ["nll", "ece"].filter((figure) =>
    curves.some(({ points }) => points.filter((point) => figure in point).length > 1)
  );
  if (figures.length === 0) return undefined;
  return {
    name: "training",
    caption:
      `NLL and ECE on tune after so many steps, means over seeds. The dashed line is the ${reference}'s.`,
    inPairs: figures.length === 2,
    panels: curves.flatMap((curve) => figures.map((figure) => panelOf(curve, figure, curves, reference))),
  };
}

function panelOf(
  { variant, points }: Curves[number],
  figure: string,
  curves: Curves,
  reference: string,
): Panel {
  const beside = variant === reference ? undefined : curves.find((curve) => curve.variant === reference);
  const axes = { x: "step", y: figure };
  const measured = points.filter((point) => figure in point);
  const told = measured.map((point) => `${formatScore(point[figure])} at step ${formatCount(point.step)}`);
  return {
    title: `${variant}: ${title(figure)}`,
    drawing: draw(`${title(figure)} of ${variant} on tune: ${told.join(", ")}`, {
      ...panelSize,
      height: 170,
      x: { ...named("Step"), ticks: 5 },
      y: { label: null, ticks: 5, domain: domainOf(curves, figure), nice: true },
      marks: [
        gridY(),
        Plot.line(beside?.points ?? [], { ...axes, ...referenceLine }),
        Plot.line(measured, { ...axes, ...variantLine }),
        Plot.dot(measured, { ...axes, r: 2.5, fill: colour("first") }),
      ],
    }),
  };
}

/** Returns the range of a figure over all variants, so that panels can be compared. */
function domainOf(curves: Curves, figure: string): [number, number] {
  const values = curves.flatMap(({ points }) => points.flatMap((point) => point[figure] ?? []));
  return [Math.min(...values), Math.max(...values)];
}
