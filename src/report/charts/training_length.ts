/** The figure that docs/results.md opens with: what training longer does to each variant. */

import * as Plot from "@observablehq/plot";
import type { VariantComparison } from "../comparison.ts";
import type { Panel } from "../document.ts";
import { gridY, named, panelSize } from "./axes.ts";
import { colour } from "./colours.ts";
import { draw } from "./drawing.ts";
import { chartFile } from "./file.ts";
import { legendOf, lineOf, seriesOf } from "./series.ts";
import { mean } from "../../statistics.ts";

/** The comparisons that are of one length each, named by their epochs. */
const lengthPattern = /^compare@epochs-(\d+(?:\.\d+)?)$/;

/** A variant's figure at one length; means have an interval. */
interface Point {
  readonly epochs: number;
  readonly variant: string;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** Draws accuracy, NLL, ECE and the temperature by epochs. Returns undefined where fewer than two lengths were compared. */
export function trainingLengthFile(comparisons: ReadonlyMap<string, VariantComparison>): string | undefined {
  const lengths = Array.from(comparisons, ([name, comparison]) => ({
    epochs: Number(name.match(lengthPattern)?.[1]),
    comparison,
  })).filter(({ epochs }) => !Number.isNaN(epochs)).sort((a, b) => a.epochs - b.epochs);
  const [first] = lengths;
  if (first === undefined || lengths.length < 2) return undefined;
  const { reference } = first.comparison;
  const points = (
    of: (standing: Standing) => Omit<Point, "epochs" | "variant"> | undefined,
    calibrator: string,
  ) =>
    lengths.flatMap(({ epochs, comparison }) =>
      comparison.standings.filter((standing) => standing.calibrator === calibrator).flatMap((standing) => {
        const point = of(standing);
        return point ? [{ epochs, variant: standing.variant, ...point }] : [];
      })
    );
  const figure = (name: string, scale = 1) =>
    points(({ figures }) => {
      const { value, low, high } = figures[name] ?? {};
      if (value == null || low == null || high == null) return undefined;
      return { value: scale * value, low: scale * low, high: scale * high };
    }, "none");
  return chartFile({
    inPairs: true,
    panels: [
      panel("Accuracy (%)", figure("accuracy", 100), reference),
      panel("NLL", figure("nll"), reference),
      panel("ECE", figure("ece"), reference),
      panel("Temperature", points(({ fits }) => temperatureOf(fits), "temperature"), reference),
    ],
  });
}

type Standing = VariantComparison["standings"][number];

/** Averages the temperatures of summaries such as "T = 1.03". */
function temperatureOf(fits: readonly string[]): { readonly value: number } | undefined {
  const values = fits.flatMap((fit) => fit.match(/^T = (\d+(?:\.\d+)?)/)?.[1] ?? []).map(Number);
  return values.length > 0 ? { value: mean(values) } : undefined;
}

function panel(title: string, points: readonly Point[], reference: string): Panel {
  const series = seriesOf([...new Set(points.map(({ variant }) => variant))], reference);
  const { width, marginLeft, marginRight } = panelSize;
  const legend = legendOf(series, { left: marginLeft, width: width - marginLeft - marginRight });
  const marks = series.flatMap((one) => {
    const { name, stroke } = one;
    const own = points.filter(({ variant }) => variant === name);
    const spans = own.filter(({ low }) => low !== undefined);
    const fill = name === reference ? colour("surface") : stroke;
    return [
      Plot.ruleX(spans, { x: "epochs", y1: "low", y2: "high", stroke, strokeOpacity: 0.6 }),
      Plot.line(own, { x: "epochs", y: "value", ...lineOf(one) }),
      Plot.dot(own, { x: "epochs", y: "value", r: 3, fill, stroke }),
    ];
  });
  return {
    title,
    drawing: draw(`${title} by epochs: ${series.map(({ name }) => name).join(", ")}`, {
      ...panelSize,
      marginTop: legend.height + 10,
      height: 190 + legend.height,
      x: {
        ...named("Epochs"),
        ticks: [...new Set(points.map(({ epochs }) => epochs))],
        tickFormat: String,
        inset: 8,
      },
      y: { ...named(title), ticks: 5 },
      marks: [gridY(), ...marks, ...legend.marks],
    }),
  };
}
