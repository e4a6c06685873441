import * as Plot from "@observablehq/plot";
import type { RiskAtCoverage } from "../../calibration/metrics/risk_coverage.ts";
import type { Distributions, PairedBin } from "../distributions.ts";
import type { Chart, Drawing, Panel } from "../document.ts";
import { formatCount, formatShare } from "../format.ts";
import { gridY, named, panelSize, referenceLine, variantLine } from "./axes.ts";
import { colour } from "./colours.ts";
import { draw } from "./drawing.ts";

/** The coverage whose risk is written into the chart. */
const readCoverage = 0.8;

/** Draws the error among the most confident answers of each variant, beside the reference's. */
export function riskCoverageChart(trainings: readonly Distributions[], reference: string): Chart {
  const beside = trainings.find(({ variant }) => variant === reference)?.riskCoverage ?? [];
  const highest = 100 *
    Math.max(...trainings.flatMap(({ riskCoverage }) => riskCoverage.map(({ risk }) => risk)));
  return {
    name: "risk-coverage",
    caption:
      "The error among the texts that a classifier answers if it leaves out those that it is least sure of. The " +
      `dashed line is the ${reference}'s.`,
    panels: trainings.map(({ variant, riskCoverage }): Panel => ({
      title: variant,
      drawing: riskCoverageDrawing(variant, riskCoverage, variant === reference ? [] : beside, highest),
    })),
  };
}

function riskCoverageDrawing(
  variant: string,
  curve: readonly RiskAtCoverage[],
  beside: readonly RiskAtCoverage[],
  highest: number,
): Drawing {
  const axes = {
    x: ({ coverage }: RiskAtCoverage) => 100 * coverage,
    y: ({ risk }: RiskAtCoverage) => 100 * risk,
  };
  const read = curve.filter(({ coverage }) => coverage <= readCoverage + 1e-9).slice(-1);
  const text = ({ coverage, risk }: RiskAtCoverage) =>
    `answering ${Math.round(100 * coverage)} %: ${formatShare(risk)} wrong`;
  return draw(
    `Error among the texts that ${variant} answers. ${[...read, ...curve.slice(-1)].map(text).join("; ")}`,
    {
      ...panelSize,
      x: { ...named("Answered (%)"), domain: [0, 100] },
      y: { ...named("Wrong among them (%)"), domain: [0, highest], nice: true },
      marks: [
        gridY(),
        Plot.line(beside, { ...axes, ...referenceLine }),
        Plot.line(curve, { ...axes, ...variantLine }),
        Plot.dot(read, { ...axes, r: 4, fill: colour("first"), title: text }),
        Plot.text(read, {
          ...axes,
          text,
          textAnchor: "end",
          dx: -6,
          dy: -10,
          fill: colour("first"),
          fontWeight: "bold",
          stroke: colour("surface"),
          strokeWidth: 4,
        }),
      ],
    },
  );
}

/** Draws how sure each variant is where it is right, and below where it is wrong. */
export function confidenceChart(trainings: readonly Distributions[]): Chart {
  return {
    name: "confidence",
    caption:
      "How sure a classifier is: its right answers above the line, its wrong answers below it, as shares of each. " +
      "Wrong answers with a confidence near 1 are what calibration is to prevent.",
    panels: trainings.map(({ variant, confidences }) => ({
      title: variant,
      drawing: confidenceDrawing(variant, confidences),
    })),
  };
}

function confidenceDrawing(variant: string, bins: readonly PairedBin[]): Drawing {
  const [right, wrong] = [totalOf(bins, "first"), totalOf(bins, "second")];
  const span = { x1: "lower", x2: "upper", insetLeft: 0.5, insetRight: 0.5, y1: 0 };
  const below = (bin: PairedBin) => -shareOf("second", wrong)(bin);
  const texts = [`${formatCount(right)} right`, `${formatCount(wrong)} wrong`];
  return draw(`Confidences of ${texts.join(" and ")} answers of ${variant}`, {
    ...panelSize,
    x: named("Confidence"),
    y: {
      ...named("Share (%)"),
      domain: [-100, 100],
      tickFormat: (share: number) => String(Math.abs(share)),
      ticks: 5,
    },
    marks: [
      gridY(),
      Plot.rect(bins, { ...span, y2: shareOf("first", right), fill: colour("first") }),
      Plot.rect(bins, { ...span, y2: below, fill: colour("second") }),
      Plot.ruleY([0], { stroke: colour("text") }),
      Plot.text([texts[0]], { frameAnchor: "top-left", dx: 4, dy: 2, fill: colour("first") }),
      Plot.text([texts[1]], { frameAnchor: "bottom-left", dx: 4, dy: -2, fill: colour("second") }),
    ],
  });
}

function totalOf(bins: readonly PairedBin[], kind: "first" | "second"): number {
  return bins.reduce((sum, bin) => sum + bin[kind], 0);
}

/** Returns a bin's share of all values of a kind, in percent; 0 where there are none. */
function shareOf(kind: "first" | "second", total: number): (bin: PairedBin) => number {
  return (bin) => total === 0 ? 0 : 100 * bin[kind] / total;
}

/** Draws the energies of texts of the data and of noise; undefined where no variant has energies. */
export function energyChart(trainings: readonly Distributions[]): Chart | undefined {
  const panels = trainings.flatMap(({ variant, energies, energyCut }) =>
    energies ? [{ title: variant, drawing: energyDrawing(variant, energies, energyCut) }] : []
  );
  if (panels.length === 0) return undefined;
  return {
    name: "energies",
    caption:
      "Energies of texts of dev2 (filled) and of noise that no classifier was trained on (outlined). The less they " +
      "overlap, the better the energy tells noise from data. Left of the dashed line, −ln K, a text counts as real.",
    panels,
  };
}

function energyDrawing(variant: string, bins: readonly PairedBin[], cut: number | undefined): Drawing {
  const [data, noise] = [totalOf(bins, "first"), totalOf(bins, "second")];
  return draw(`Energies of ${data} texts of dev2 and of ${noise} noise texts, by ${variant}`, {
    ...panelSize,
    x: named("Energy"),
    y: { ...named("Texts of each kind (%)"), nice: true },
    marks: [
      gridY(),
      Plot.rect(bins, {
        x1: "lower",
        x2: "upper",
        y1: 0,
        y2: shareOf("first", data),
        fill: colour("first"),
        fillOpacity: 0.75,
      }),
      Plot.line(bins, {
        x: ({ lower, upper }: PairedBin) => (lower + upper) / 2,
        y: shareOf("second", noise),
        curve: "step",
        stroke: colour("second"),
        strokeWidth: 2,
      }),
      Plot.ruleX(cut === undefined ? [] : [cut], { ...referenceLine }),
      Plot.ruleY([0], { stroke: colour("text") }),
      Plot.text(["dev2"], { frameAnchor: "top-left", dx: 4, dy: 2, fill: colour("first") }),
      Plot.text(["noise"], { frameAnchor: "top-right", dx: -4, dy: 2, fill: colour("second") }),
    ],
  });
}
