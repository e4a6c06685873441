import * as Plot from "@observablehq/plot";
import type { VariantComparison } from "../comparison.ts";
import type { Chart, Panel } from "../document.ts";
import { formatCount, formatScore, formatShare } from "../format.ts";
import { type TermShares, weightedTerm } from "../loss_shares.ts";
import { gridY, named, panelSize, referenceLine } from "./axes.ts";
import { colour } from "./colours.ts";
import { draw } from "./drawing.ts";
import { legendOf, lineOf, seriesOf } from "./series.ts";

type Losses = VariantComparison["losses"];
type Variant = Losses[number];
type Point = Variant["points"][number];

/** What the terms of a loss are called, in the order in which they are drawn. */
const termNames: Readonly<Record<string, string>> = {
  crossEntropy: "class loss",
  noiseContrast: "noise contrast",
  calibration: "calibration",
  focal: "focal loss",
  toAllClasses: "to all classes",
};

const { width, marginLeft, marginRight } = panelSize;

/** How figures of single batches become a curve. */
const smoothing = "Each point is the mean of a 40th of the steps, and of the seeds.";

/** Draws the terms of each variant's loss by step; undefined where nothing was logged at two points. */
export function lossChart(losses: Losses, reference: string): Chart | undefined {
  const drawn = losses.filter(({ points }) => points.length > 1);
  if (drawn.length === 0) return undefined;
  const beside = drawn.find(({ variant }) => variant === reference)?.points ?? [];
  const values = drawn.flatMap(({ points }) =>
    points.flatMap((point) => termsOf(point).map((term) => point[term]))
  );
  const domain: [number, number] = [Math.min(0, ...values), Math.max(...values)];
  return {
    name: "losses",
    caption:
      "The terms of each variant's loss on its training texts by step, before they are weighted: in nats, but for PosCal's " +
      `calibration. The grey dashed line is the ${reference}'s class loss. ${smoothing}`,
    panels: drawn.map((one) => lossPanel(one, one.variant === reference ? [] : beside, domain)),
  };
}

function lossPanel({ variant, points }: Variant, beside: readonly Point[], domain: [number, number]): Panel {
  const terms = termsOf(points[0]);
  const lines = seriesOf(terms.map((term) => termNames[term]));
  const legend = legendOf(lines, { left: marginLeft, width: width - marginLeft - marginRight });
  const told = terms.map((term) =>
    `${termNames[term]} ${formatScore(points[0][term])} at step ${formatCount(points[0].step)}, ` +
    `${formatScore(points[points.length - 1][term])} at step ${formatCount(points[points.length - 1].step)}`
  );
  return {
    title: variant,
    drawing: draw(`Loss of ${variant} by step: ${told.join("; ")}`, {
      ...panelSize,
      marginTop: legend.height + 10,
      height: 190 + legend.height,
      x: { ...named("Step"), ticks: 5 },
      y: { ...named("Loss"), ticks: 5, domain, nice: true },
      marks: [
        gridY(),
        Plot.line(beside, { x: "step", y: "crossEntropy", ...referenceLine }),
        ...terms.map((term, at) => Plot.line(points, { x: "step", y: term, ...lineOf(lines[at]) })),
        ...legend.marks,
      ],
    }),
  };
}

/** Lists the terms of a loss, the class loss first. */
function termsOf(point: Point): string[] {
  return Object.keys(termNames).filter((term) => term in point);
}

/**
 * Draws which share of the gradient the second term of each loss has; undefined where no loss has one, or it was
 * measured at fewer than two points.
 */
export function gradientChart(losses: Losses): Chart | undefined {
  const panels = losses.flatMap(({ variant, points }) => {
    const term = weightedTerm(points);
    if (!term || term.shares.length < 2) return [];
    const { name, shares } = term;
    const told = shares.map(({ step, share }) => `${formatShare(share)} at step ${formatCount(step)}`);
    const drawing = draw(
      `Share of ${termNames[name]} in the gradient of ${variant}: ${told.join(", ")}`,
      {
        ...panelSize,
        height: 190,
        x: { ...named("Step"), ticks: 5 },
        y: { ...named(`Share of ${termNames[name]} (%)`), domain: [0, 100], ticks: 5 },
        marks: [
          gridY(),
          Plot.areaY(shares, { x: "step", y: percent, fill: colour("second"), fillOpacity: 0.25 }),
          Plot.line(shares, { x: "step", y: percent, stroke: colour("second"), strokeWidth: 2 }),
        ],
      },
    );
    return [{ title: variant, drawing }];
  });
  if (panels.length === 0) return undefined;
  return {
    name: "gradients",
    caption:
      "How much of the gradient a loss's second term makes: its share of the norms of both terms' gradients, each with " +
      `its weight, where they were measured (logEvery). The class loss has the rest. ${smoothing}`,
    panels,
  };
}

function percent({ share }: TermShares["shares"][number]): number {
  return 100 * share;
}
