import type { ReliabilityBin } from "../calibration/metrics/reliability.ts";
import { formatCount, formatDecimal, formatScore } from "./format.ts";
import { type Markup, markup } from "./markup.ts";

/** How a diagram is labelled and scaled. */
export interface DiagramOptions {
  /** A text for those who can't see the picture. */
  readonly label: string;
  readonly frame: Frame;
}

/** The axes that diagrams side by side share, so that they can be compared. */
export interface Frame {
  /** The confidence at which its axis starts. */
  readonly lowestConfidence: number;
  /** The accuracy at which its axis starts. */
  readonly lowestAccuracy: number;
  /** The count that fills the histogram's height. */
  readonly largestCount: number;
}

/** Sizes in the drawing's own units. */
const width = 400;
const height = 376;
const plot = { left: 44, right: 392, top: 8, bottom: 258 } as const;
const histogram = { top: 274, bottom: 336 } as const;
/** The width of a digit of a bin's count, at the page's font size. */
const digitWidth = 5.8;

type Scale = (value: number) => number;

/**
 * Finds the smallest frame, in tenths, that holds all points of some diagrams and the diagonal between them.
 */
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
 * Draws a reliability diagram as SVG: accuracy over confidence, the span in which it lies if calibration is
 * perfect, and a histogram of the confidences. Elements have classes and no colours, which are the page's.
 */
export function reliabilityDiagram(
  bins: readonly ReliabilityBin[],
  { label, frame }: DiagramOptions,
): Markup {
  const { lowestConfidence: lowest, lowestAccuracy } = frame;
  const x: Scale = (confidence) =>
    plot.left + (confidence - lowest) / (1 - lowest) * (plot.right - plot.left);
  const y: Scale = (accuracy) =>
    plot.bottom - (accuracy - lowestAccuracy) / (1 - lowestAccuracy) * (plot.bottom - plot.top);
  const points = bins.map(({ confidence, accuracy }) => `${at(x(confidence))},${at(y(accuracy))}`).join(" ");
  return markup`<svg class="reliability" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
${axes(x, y, frame)}
<line class="diagonal" x1="${at(x(lowest))}" y1="${at(y(lowest))}" x2="${at(x(1))}" y2="${at(y(1))}"/>
${bins.map((bin) => calibratedSpan(bin, x, y, lowestAccuracy))}
<polyline class="trace" points="${points}"/>
${bins.map((bin) => point(bin, x, y))}
${bins.map((bin) => histogramBar(bin, x, frame.largestCount))}
</svg>`;
}

function axes(x: Scale, y: Scale, { lowestConfidence, lowestAccuracy }: Frame): Markup {
  const tenths = Array.from({ length: 11 }, (_, index) => index / 10);
  const horizontal = tenths.filter((tick) => tick >= lowestAccuracy).map((tick) =>
    markup`<line class="grid" x1="${plot.left}" y1="${at(y(tick))}" x2="${plot.right}" y2="${at(y(tick))}"/>
<text class="tick" x="${plot.left - 6}" y="${at(y(tick) + 3.5)}" text-anchor="end">${
      formatDecimal(tick, 1)
    }</text>
`
  );
  const vertical = tenths.filter((tick) => tick >= lowestConfidence).map((tick) =>
    markup`<text class="tick" x="${at(x(tick))}" y="${histogram.bottom + 15}" text-anchor="middle">${
      formatDecimal(tick, 1)
    }</text>
`
  );
  const middle = (plot.left + plot.right) / 2;
  const centre = (plot.top + plot.bottom) / 2;
  return markup`${horizontal}${vertical}<line class="axis" x1="${plot.left}" y1="${histogram.bottom}" x2="${plot.right}" y2="${histogram.bottom}"/>
<text class="name" x="${middle}" y="${height - 6}" text-anchor="middle">Confidence</text>
<text class="name" x="9" y="${centre}" text-anchor="middle" transform="rotate(-90 9 ${centre})">Accuracy</text>`;
}

/**
 * Draws where the accuracy of a calibrated bin lies: within two standard deviations (Bröcker and Smith 2007).
 */
function calibratedSpan({ confidence, count }: ReliabilityBin, x: Scale, y: Scale, lowest: number): Markup {
  const deviation = Math.sqrt(confidence * (1 - confidence) / count);
  const top = y(Math.min(1, confidence + 2 * deviation));
  const bottom = y(Math.max(lowest, confidence - 2 * deviation));
  return markup`<rect class="span" x="${at(x(confidence) - 4.5)}" y="${at(top)}" width="9" height="${
    at(bottom - top)
  }" rx="3"/>
`;
}

function point({ lower, upper, count, confidence, accuracy }: ReliabilityBin, x: Scale, y: Scale): Markup {
  const described = `Confidence from ${formatDecimal(lower, 2)} to ${formatDecimal(upper, 2)}: ${
    formatCount(count)
  } examples, mean confidence ${formatScore(confidence)}, accuracy ${formatScore(accuracy)}`;
  return markup`<circle class="point" cx="${at(x(confidence))}" cy="${
    at(y(accuracy))
  }" r="4"><title>${described}</title></circle>
`;
}

function histogramBar({ lower, upper, count }: ReliabilityBin, x: Scale, largestCount: number): Markup {
  const [left, right] = [x(lower), x(upper)];
  // The tallest bar leaves room above it for its count.
  const top = histogram.bottom - count / largestCount * (histogram.bottom - histogram.top - 12);
  const label = formatCount(count).length * digitWidth > right - left ? [] : [
    markup`<text class="count" x="${at((left + right) / 2)}" y="${at(top - 3)}" text-anchor="middle">${
      formatCount(count)
    }</text>`,
  ];
  return markup`<rect class="bar" x="${at(left + 1)}" y="${at(top)}" width="${
    at(right - left - 2)
  }" height="${at(histogram.bottom - top)}"/>${label}
`;
}

/** Rounds a coordinate to a hundredth of a unit, which is finer than any screen. */
function at(coordinate: number): string {
  return String(Math.round(coordinate * 100) / 100);
}
