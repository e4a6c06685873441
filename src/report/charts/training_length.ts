/** The figure that docs/results.md opens with: what training longer does to each variant. */

import * as Plot from "@observablehq/plot";
import type { VariantComparison } from "../comparison.ts";
import type { Panel } from "../document.ts";
import { gridY, named, panelSize, referenceLine, variantLine } from "./axes.ts";
import { colour } from "./colours.ts";
import { draw } from "./drawing.ts";
import { chartFile } from "./file.ts";
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
  const variants = [...new Set(points.map(({ variant }) => variant))];
  const look = (variant: string) => variant === reference ? referenceLine : variantLine;
  const spans = points.filter(({ low }) => low !== undefined);
  const marks = variants.flatMap((variant, index) => {
    const own = points.filter((point) => point.variant === variant);
    const { stroke } = look(variant);
    return [
      Plot.line(own, { x: "epochs", y: "value", ...look(variant) }),
      Plot.dot(own, {
        x: "epochs",
        y: "value",
        r: 3,
        fill: variant === reference ? colour("surface") : stroke,
        stroke,
      }),
      Plot.text([variant], { frameAnchor: "top-left", dx: 6, dy: 6 + 14 * index, fill: stroke }),
    ];
  });
  return {
    title,
    drawing: draw(`${title} by epochs: ${variants.join(", ")}`, {
      ...panelSize,
      x: {
        ...named("Epochs"),
        ticks: [...new Set(points.map(({ epochs }) => epochs))],
        tickFormat: String,
        inset: 8,
      },
      y: { ...named(title), ticks: 5, insetTop: 34 },
      marks: [
        gridY(),
        Plot.ruleX(spans, {
          x: "epochs",
          y1: "low",
          y2: "high",
          stroke: (point: Point) => look(point.variant).stroke,
          strokeOpacity: 0.6,
        }),
        ...marks,
      ],
    }),
  };
}
