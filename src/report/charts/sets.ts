import * as Plot from "@observablehq/plot";
import type { ComparedVariant } from "../comparison.ts";
import type { Chart, Panel } from "../document.ts";
import { formatInterval, formatScore, formatShare } from "../format.ts";
import { title } from "../terms.ts";
import { gridX, named } from "./axes.ts";
import { colour } from "./colours.ts";
import { draw } from "./drawing.ts";
import { legendOf, type Series, seriesOf } from "./series.ts";

/** The figures of all variants on one set of texts. */
interface MeasuredSet {
  readonly name: string;
  readonly standings: readonly ComparedVariant[];
}

/** A variant's figure on a set, with its interval. */
interface Dot {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Where it stands: the set's number, and a part of a row for the variant. */
  readonly row: number;
  readonly text: string;
}

/** Draws accuracy, ECE and NLL of all variants on each set, as trained and after the first calibrator. */
export function setsChart(sets: readonly MeasuredSet[], reference: string): Chart {
  const calibrator = sets[0].standings.find((standing) => standing.calibrator !== "none")?.calibrator;
  const states = ["none", ...(calibrator ? [calibrator] : [])] as const;
  const figures = states.flatMap((state) =>
    // No temperature changes the chosen class.
    (state === "none" ? ["accuracy", "ece", "nll"] : ["ece", "nll"]).map((figure) => ({ figure, state }))
  );
  return {
    name: "sets",
    caption: `Figures of each variant on each set of texts, with 95 % intervals, as trained${
      calibrator ? ` and after the ${calibrator} of dev1` : ""
    }. The less a figure changes from dev2 to another set, the more robust the variant.`,
    panels: figures.map(({ figure, state }) => panelOf(sets, reference, figure, state)),
  };
}

function panelOf(
  sets: readonly MeasuredSet[],
  reference: string,
  figure: string,
  state: ComparedVariant["calibrator"],
): Panel {
  const isShare = figure === "accuracy";
  const shown = sets.map(({ name, standings }) => ({
    name,
    standings: standings.filter(({ calibrator }) => calibrator === state),
  }));
  const variants = shown[0].standings.map(({ variant }) => variant);
  const series = seriesOf(variants, reference);
  const dots = variants.map((_, at) => shown.flatMap((set, row) => dotOf(set, row, at, figure)));
  const longest = Math.max(...sets.map(({ name }) => name.length));
  const [width, marginLeft, marginRight] = [330, Math.min(150, 16 + 6.2 * longest), 14];
  const legend = legendOf(series, { left: 8, width: width - 8 - marginRight, of: "dots" });
  const said = state === "none" ? "as trained" : `after ${state}`;
  return {
    title: isShare ? title(figure) : `${title(figure)}, ${said}`,
    drawing: draw(
      `${title(figure)} on each set, ${said}: ${dots.flat().map(({ text }) => text).join("; ")}`,
      {
        width,
        height: 46 + legend.height + sets.length * Math.max(26, 10 + 8 * variants.length),
        marginLeft,
        marginRight,
        marginTop: legend.height + 6,
        marginBottom: 36,
        x: {
          ...named(`${title(figure)}${isShare ? " (%)" : figure === "nll" ? " (nats)" : ""}`),
          ticks: 4,
          nice: true,
        },
        y: {
          domain: [sets.length - 0.5, -0.5],
          ticks: sets.map((_, row) => row),
          tickFormat: (row: number) => sets[row].name,
          tickSize: 0,
          label: null,
        },
        marks: [
          gridX(4),
          Plot.ruleY(sets.slice(1).map((_, row) => row + 0.5), { stroke: colour("grid") }),
          ...series.flatMap((one, at) => dotMarks(dots[at], one)),
          ...legend.marks,
        ],
      },
    ),
  };
}

function dotMarks(dots: readonly Dot[], { stroke, symbol }: Series): readonly Plot.Markish[] {
  return [
    Plot.ruleY(dots, { y: "row", x1: "low", x2: "high", stroke, strokeWidth: 1.5 }),
    Plot.dot(dots, { x: "value", y: "row", r: 3.25, symbol, fill: stroke, title: "text" }),
  ];
}

/** Returns a variant's dot on a set; none where the figure isn't a finite number. */
function dotOf({ name, standings }: MeasuredSet, row: number, at: number, figure: string): Dot[] {
  const { variant, figures } = standings[at];
  const { value, low, high } = figures[figure];
  if (![value, low, high].every(Number.isFinite)) return [];
  const isShare = figure === "accuracy";
  const factor = isShare ? 100 : 1;
  return [{
    value: Number(value) * factor,
    low: Number(low) * factor,
    high: Number(high) * factor,
    row: row + 0.8 * ((at + 0.5) / standings.length - 0.5),
    text: `${name}, ${variant}: ${formatInterval(figures[figure], isShare ? formatShare : formatScore)}`,
  }];
}
