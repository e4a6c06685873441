import * as Plot from "@observablehq/plot";
import type { Reliability, ReliabilityBin, ReliabilityPoint } from "../../calibration/metrics/reliability.ts";
import type { Drawing } from "../document.ts";
import { formatCount, formatDecimal, formatScore } from "../format.ts";
import { gridY, named } from "./axes.ts";
import { colour } from "./colours.ts";
import { draw } from "./drawing.ts";

/** The axes that diagrams side by side share, so that they can be compared. */
export interface Frame {
  /** The confidence at which its axis starts. */
  readonly lowestConfidence: number;
  /** The accuracy at which its axis starts. */
  readonly lowestAccuracy: number;
  /** The count that fills the histogram's height. */
  readonly largestCount: number;
}

/** Heights as shares of the accuracy's axis: of the histogram below it, and of the gap in between. */
const [histogram, gap] = [0.22, 0.05];

/** The width of a digit of a bin's count, in pixels. */
const digitWidth = 6;

/** Finds the smallest frame, in tenths, that holds all points of some diagrams and the diagonal between them. */
export function commonFrame(diagrams: readonly (readonly ReliabilityBin[])[]): Frame {
  const bins = diagrams.flat();
  const lowestTenth = (values: readonly number[]) => Math.floor(10 * Math.min(...values)) / 10;
  const lowestConfidence = lowestTenth(bins.map(({ lower }) => lower));
  return {
    lowestConfidence,
    lowestAccuracy: lowestTenth([lowestConfidence, ...bins.map(({ accuracy }) => accuracy)]),
    largestCount: Math.max(...bins.map(({ count }) => count)),
  };
}

/**
 * Draws a reliability diagram: accuracy over confidence as a curve and, as dots, in bins; the span in which a
 * bin lies if calibration is perfect (two standard deviations to each side, Bröcker and Smith 2007); and a
 * histogram of the confidences below.
 */
export function reliabilityDiagram(label: string, { bins, curve }: Reliability, frame: Frame): Drawing {
  const { lowestConfidence, lowestAccuracy, largestCount } = frame;
  const size = { width: 400, height: 360, marginLeft: 54, marginRight: 12, marginTop: 10, marginBottom: 36 };
  const height = 1 - lowestAccuracy;
  const bottom = lowestAccuracy - (histogram + gap) * height;
  const ticks = tenths.filter((tick) => tick >= lowestAccuracy);
  const binWidth = (size.width - size.marginLeft - size.marginRight) / (1 - lowestConfidence);
  const isCounted = ({ lower, upper, count }: ReliabilityBin) =>
    formatCount(count).length * digitWidth < (upper - lower) * binWidth;
  const top = ({ count }: ReliabilityBin) => bottom + count / largestCount * (histogram - gap) * height;
  const shown = bins.map((bin) => ({ ...bin, ...spanOf(bin, lowestAccuracy), text: textOf(bin) }));
  return draw(label, {
    ...size,
    x: confidenceAxis(frame),
    y: { ...named("Accuracy"), domain: [bottom, 1], ticks },
    marks: [
      gridY(ticks),
      diagonal(frame),
      Plot.ruleX(shown, { x: "confidence", y1: "from", y2: "to", stroke: colour("band"), strokeWidth: 9 }),
      Plot.line(withinFrame(curve, frame), { x: "confidence", y: "accuracy", stroke: colour("first") }),
      Plot.rect(bins, { x1: "lower", x2: "upper", y1: bottom, y2: top, fill: colour("band"), inset: 0.5 }),
      Plot.text(bins.filter(isCounted), {
        x: ({ lower, upper }: ReliabilityBin) => (lower + upper) / 2,
        y: top,
        text: ({ count }: ReliabilityBin) => formatCount(count),
        dy: -6,
        fontSize: 9.5,
      }),
      Plot.dot(shown, {
        x: "confidence",
        y: "accuracy",
        r: 4,
        fill: colour("first"),
        stroke: colour("surface"),
        title: "text",
      }),
    ],
  });
}

export const tenths = Array.from({ length: 11 }, (_, index) => index / 10);

/** Returns the options of the axis of confidence. */
export function confidenceAxis({ lowestConfidence }: Frame) {
  return {
    ...named("Confidence"),
    domain: [lowestConfidence, 1],
    ticks: tenths.filter((tick) => tick >= lowestConfidence),
  };
}

/** Draws the line on which confidence and accuracy agree. */
export function diagonal({ lowestConfidence, lowestAccuracy }: Frame, strokeDasharray = "4 4"): Plot.Line {
  const lowest = Math.max(lowestConfidence, lowestAccuracy);
  return Plot.line([[lowest, lowest], [1, 1]], { stroke: colour("reference"), strokeDasharray });
}

/**
 * Cuts off what lies below the frame: only at the beginning, since a curve never falls. Of few examples with
 * low confidences all may be wrong.
 */
export function withinFrame(
  curve: readonly ReliabilityPoint[],
  { lowestAccuracy }: Frame,
): readonly ReliabilityPoint[] {
  const first = curve.findIndex(({ accuracy }) => accuracy >= lowestAccuracy);
  if (first <= 0) return first === 0 ? curve : [];
  const [below, above] = curve.slice(first - 1, first + 1);
  const share = (lowestAccuracy - below.accuracy) / (above.accuracy - below.accuracy);
  const confidence = below.confidence + share * (above.confidence - below.confidence);
  return [{ confidence, accuracy: lowestAccuracy }, ...curve.slice(first)];
}

function spanOf({ confidence, count }: ReliabilityBin, lowest: number) {
  const deviation = Math.sqrt(confidence * (1 - confidence) / count);
  return { from: Math.max(lowest, confidence - 2 * deviation), to: Math.min(1, confidence + 2 * deviation) };
}

function textOf({ lower, upper, count, confidence, accuracy }: ReliabilityBin): string {
  return `Confidence from ${formatDecimal(lower, 2)} to ${formatDecimal(upper, 2)}: ${
    formatCount(count)
  } examples, mean confidence ${formatScore(confidence)}, accuracy ${formatScore(accuracy)}`;
}
