import type { ReliabilityBin } from "../calibration/reliability.ts";
import { formatCount, formatDecimal, formatScore } from "./format.ts";
import { type Markup, markup } from "./markup.ts";

/** What a diagram shows, apart from its bins. */
export interface DiagramOptions {
  /** Said instead of the picture to those who can't see it. */
  readonly label: string;
  /** No confidence is lower than 1 / classes, so the axis starts just below. */
  readonly classes: number;
  /** The count that fills the histogram's height, so that diagrams side by side share a scale. */
  readonly largestCount: number;
}

/** Sizes in the drawing's own units. */
const width = 400;
const height = 366;
const plot = { left: 38, right: 392, top: 8, bottom: 258 } as const;
const histogram = { top: 274, bottom: 326 } as const;
/** Below this width a bin has no room for its count. */
const narrowestLabelledBin = 24;

type Scale = (value: number) => number;

/**
 * A reliability diagram as SVG: accuracy over confidence, the span that perfect calibration would leave it in, and a histogram of
 * the confidences. It has classes and no colours: those are the page's.
 */
export function reliabilityDiagram(bins: readonly ReliabilityBin[], options: DiagramOptions): Markup {
  const lowest = Math.floor(10 / options.classes) / 10;
  const x: Scale = (confidence) =>
    plot.left + (confidence - lowest) / (1 - lowest) * (plot.right - plot.left);
  const y: Scale = (accuracy) => plot.bottom - accuracy * (plot.bottom - plot.top);
  const points = bins.map(({ confidence, accuracy }) => `${at(x(confidence))},${at(y(accuracy))}`).join(" ");
  return markup`<svg class="reliability" viewBox="0 0 ${width} ${height}" role="img" aria-label="${options.label}">
${axes(x, y, lowest)}
<line class="diagonal" x1="${at(x(lowest))}" y1="${at(y(lowest))}" x2="${at(x(1))}" y2="${at(y(1))}"/>
${bins.map((bin) => calibratedSpan(bin, x, y))}
<polyline class="trace" points="${points}"/>
${bins.map((bin) => point(bin, x, y))}
${bins.map((bin) => histogramBar(bin, x, options.largestCount))}
</svg>`;
}

function axes(x: Scale, y: Scale, lowest: number): Markup {
  const tenths = Array.from({ length: 11 }, (_, index) => index / 10);
  const horizontal = tenths.filter((_, index) => index % 2 === 0).map((tick) =>
    markup`<line class="grid" x1="${plot.left}" y1="${at(y(tick))}" x2="${plot.right}" y2="${at(y(tick))}"/>
<text class="tick" x="${plot.left - 6}" y="${at(y(tick) + 3.5)}" text-anchor="end">${
      formatDecimal(tick, 1)
    }</text>
`
  );
  const vertical = tenths.filter((tick) => tick >= lowest).map((tick) =>
    markup`<text class="tick" x="${at(x(tick))}" y="${histogram.bottom + 15}" text-anchor="middle">${
      formatDecimal(tick, 1)
    }</text>
`
  );
  const middle = (plot.left + plot.right) / 2;
  const centre = (plot.top + plot.bottom) / 2;
  return markup`${horizontal}${vertical}<line class="axis" x1="${plot.left}" y1="${histogram.bottom}" x2="${plot.right}" y2="${histogram.bottom}"/>
<text class="name" x="${middle}" y="${height - 6}" text-anchor="middle">Confidence</text>
<text class="name" x="10" y="${centre}" text-anchor="middle" transform="rotate(-90 10 ${centre})">Accuracy</text>`;
}

/** Two standard deviations around the mean confidence, of the accuracy of as many examples (Bröcker and Smith 2007). */
function calibratedSpan({ confidence, count }: ReliabilityBin, x: Scale, y: Scale): Markup {
  const deviation = Math.sqrt(confidence * (1 - confidence) / count);
  const top = y(Math.min(1, confidence + 2 * deviation));
  const bottom = y(Math.max(0, confidence - 2 * deviation));
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
  // Room above the tallest bar is left for its count.
  const top = histogram.bottom - count / largestCount * (histogram.bottom - histogram.top - 12);
  const label = right - left < narrowestLabelledBin ? [] : [
    markup`<text class="count" x="${at((left + right) / 2)}" y="${at(top - 3)}" text-anchor="middle">${
      formatCount(count)
    }</text>`,
  ];
  return markup`<rect class="bar" x="${at(left + 1)}" y="${at(top)}" width="${
    at(right - left - 2)
  }" height="${at(histogram.bottom - top)}"/>${label}
`;
}

/** A coordinate: a hundredth of a unit is finer than any screen. */
function at(coordinate: number): string {
  return String(Math.round(coordinate * 100) / 100);
}
