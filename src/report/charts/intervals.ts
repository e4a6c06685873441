import * as Plot from "@observablehq/plot";
import { type ComparedVariant, mayChangeClasses, type VariantComparison } from "../comparison.ts";
import type { Chart, Panel } from "../document.ts";
import { formatInterval, formatScore, formatShare } from "../format.ts";
import { title } from "../terms.ts";
import { gridX, named } from "./axes.ts";
import { colour } from "./colours.ts";
import { draw } from "./drawing.ts";

type Comparison = Pick<VariantComparison, "standings" | "reference" | "metric" | "seeds">;

/** A dot with its interval. */
interface Dot {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly row: number;
  readonly isTrained: boolean;
  readonly text: string;
}

/** How far the two dots of a row are from its middle, in rows. */
const offset = 0.17;

/** Draws the figures that decide, a row for each variant, with intervals: as trained and after a calibrator. */
export function intervalsChart(comparison: Comparison): Chart {
  const { standings, reference, metric, seeds } = comparison;
  const calibrator = standings.find((standing) => standing.calibrator !== "none")?.calibrator ?? "none";
  const after = calibrator === "none" ? "" : `, filled dots after ${calibrator}`;
  return {
    name: "intervals",
    caption:
      `${
        seeds.length > 1 ? "Means over seeds" : "Figures of one training each"
      }, with 95 % intervals: hollow dots as trained${after}. The lines are the ${reference}'s. ` +
      "Grey bars behind an ECE show what perfect calibration would show by chance, mean ± 2 standard deviations.",
    panels: [metric ?? "accuracy", "nll", "ece"].map((figure) => panelOf(comparison, figure, calibrator)),
  };
}

function panelOf(
  { standings, reference }: Comparison,
  figure: string,
  calibrator: ComparedVariant["calibrator"],
): Panel {
  const isShare = figure === "accuracy";
  const variants = [...new Set(standings.map(({ variant }) => variant))];
  const states = figure === "nll" || figure === "ece" || mayChangeClasses(calibrator)
    ? ["none", calibrator]
    : ["none"];
  const shown = standings.filter((standing) => states.includes(standing.calibrator));
  const dots = shown.flatMap((standing) => dotOf(standing, figure, variants, isShare, states.length));
  const references = dots.filter(({ row }) => variants[Math.round(row)] === reference);
  const floors = figure !== "ece" ? [] : shown.map(({ variant, calibrator, ece_floor: floor }) => ({
    row: rowOf(variants.indexOf(variant), calibrator === "none", 2),
    low: Math.max(0, floor.mean - 2 * floor.standardDeviation),
    high: floor.mean + 2 * floor.standardDeviation,
  }));
  const colourOf = ({ isTrained }: Dot) => colour(isTrained ? "second" : "first");
  const longest = Math.max(...variants.map((variant) => variant.length));
  const label = `${title(figure)}${isShare ? " (%)" : ""}`;
  return {
    title: title(figure),
    drawing: draw(`${title(figure)} of each variant: ${dots.map(({ text }) => text).join("; ")}`, {
      width: 330,
      height: 52 + 28 * variants.length,
      marginLeft: Math.min(150, 16 + 6.2 * longest),
      marginRight: 14,
      marginTop: 6,
      marginBottom: 36,
      x: { ...named(label), ticks: 4, nice: true },
      y: {
        domain: [variants.length - 0.5, -0.5],
        ticks: variants.map((_, row) => row),
        tickFormat: (row: number) => variants[row],
        tickSize: 0,
        label: null,
      },
      marks: [
        gridX(4),
        Plot.ruleY(floors, { y: "row", x1: "low", x2: "high", stroke: colour("band"), strokeWidth: 9 }),
        Plot.ruleX(references, { x: "value", stroke: colourOf, strokeDasharray: "3 3", strokeOpacity: 0.8 }),
        Plot.ruleY(dots, { y: "row", x1: "low", x2: "high", stroke: colourOf, strokeWidth: 1.75 }),
        Plot.dot(dots, {
          x: "value",
          y: "row",
          r: 3.75,
          stroke: colourOf,
          strokeWidth: 1.75,
          fill: ({ isTrained }: Dot) => colour(isTrained ? "surface" : "first"),
          title: "text",
        }),
      ],
    }),
  };
}

/** Returns a figure's dot; none where it isn't a finite number. */
function dotOf(
  { variant, calibrator, figures }: ComparedVariant,
  figure: string,
  variants: readonly string[],
  isShare: boolean,
  states: number,
): Dot[] {
  const { value, low, high } = figures[figure];
  if (![value, low, high].every(Number.isFinite)) return [];
  const factor = isShare ? 100 : 1;
  const isTrained = calibrator === "none";
  return [{
    value: Number(value) * factor,
    low: Number(low) * factor,
    high: Number(high) * factor,
    row: rowOf(variants.indexOf(variant), isTrained, states),
    isTrained,
    text: `${variant}${isTrained ? "" : `, ${calibrator}`}: ${
      formatInterval(figures[figure], isShare ? formatShare : formatScore)
    }`,
  }];
}

function rowOf(row: number, isTrained: boolean, states: number): number {
  return states === 1 ? row : row + (isTrained ? -offset : offset);
}
