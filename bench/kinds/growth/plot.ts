import { type Markup, markup } from "../../../src/report/markup.ts";

/** The times of one size that grows. */
export interface GrowthCurve {
  readonly name: string;
  /** The power of the size that fits the times best. */
  readonly exponent: number;
  /** Sizes in ascending order, with milliseconds. */
  readonly points: readonly (readonly [size: number, milliseconds: number])[];
}

// Lengths are in the drawing's own units.
const panel = { width: 240, height: 180, left: 58, right: 14, top: 30, bottom: 28 } as const;
const columns = 3;
const lineHeight = 12;

/**
 * Draws a panel for each curve, as an SVG file. Along an axis the same distance is the same factor in all
 * panels, so that slopes can be compared.
 */
export function growthPlot(curves: readonly GrowthCurve[]): string {
  const [width, height] = [columns * panel.width, Math.ceil(curves.length / columns) * panel.height];
  const widest = (axis: 0 | 1) =>
    Math.max(...curves.map(({ points }) => factorOf(points.map((point) => point[axis]))));
  const factors = [widest(0), widest(1)] as const;
  const panels = curves.map((curve, index) =>
    markup`<g transform="translate(${index % columns * panel.width} ${
      Math.floor(index / columns) * panel.height
    })">${drawPanel(curve, factors)}</g>
`
  );
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="10" fill="#57606a">
<rect width="${width}" height="${height}" fill="#fff"/>
${panels}</svg>
`.source;
}

function drawPanel({ name, exponent, points }: GrowthCurve, factors: readonly [number, number]): Markup {
  const sizes = points.map(([size]) => size);
  const times = points.map(([, milliseconds]) => milliseconds);
  const bottom = panel.height - panel.bottom;
  const x = logarithmicScale(Math.min(...sizes), factors[0], panel.left, panel.width - panel.right);
  const y = logarithmicScale(Math.min(...times), factors[1], bottom, panel.top);
  const line = points.map(([size, milliseconds]) => `${x(size)},${y(milliseconds)}`).join(" ");
  const labelled = [Math.min(...times), Math.max(...times)].filter((time, index) =>
    index === 0 || y(Math.min(...times)) - y(time) > lineHeight
  );
  return markup`<text x="${panel.left}" y="16" font-size="11" fill="#1f2328">${name}: p = ${
    exponent.toFixed(2)
  }</text>
<path d="M${panel.left},${panel.top}V${bottom}H${panel.width - panel.right}" fill="none" stroke="#8c959f"/>
<polyline points="${line}" fill="none" stroke="#0969da" stroke-width="2"/>
${
    points.map(([size, milliseconds]) =>
      markup`<circle cx="${x(size)}" cy="${y(milliseconds)}" r="3" fill="#0969da"/>
<text x="${x(size)}" y="${bottom + 14}" text-anchor="middle">${shortened(size)}</text>
`
    )
  }${
    labelled.map((time) =>
      markup`<text x="${panel.left - 6}" y="${y(time) + 3}" text-anchor="end">${
        time.toFixed(time < 100 ? 1 : 0)
      } ms</text>
`
    )
  }`;
}

/** Writes thousands as k, so that neighbours on an axis don't touch. */
function shortened(size: number): string {
  return size < 1000 ? String(size) : `${Math.round(size / 1000)}k`;
}

/** The ratio of the largest value to the smallest. */
function factorOf(values: readonly number[]): number {
  return Math.max(...values) / Math.min(...values);
}

/**
 * Maps the values from `lowest` to `lowest · factor` to places from `from` to `to`, rounded to a tenth of a
 * unit.
 */
function logarithmicScale(
  lowest: number,
  factor: number,
  from: number,
  to: number,
): (value: number) => number {
  return (value) => Math.round(10 * (from + Math.log(value / lowest) / Math.log(factor) * (to - from))) / 10;
}
