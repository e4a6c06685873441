import { type Markup, markup } from "../src/report/markup.ts";

export interface Curve {
  readonly name: string;
  readonly exponent: number;
  /** Size and milliseconds, by ascending size. */
  readonly points: readonly (readonly [size: number, milliseconds: number])[];
}

// In the drawing's own units.
const panel = { width: 240, height: 180, left: 46, right: 14, top: 30, bottom: 28 } as const;
const columns = 3;

/** A panel for each curve, with logarithmic axes of their own, as an SVG file. */
export function growthPlot(curves: readonly Curve[]): string {
  const [width, height] = [columns * panel.width, Math.ceil(curves.length / columns) * panel.height];
  const panels = curves.map((curve, index) =>
    markup`<g transform="translate(${index % columns * panel.width} ${
      Math.floor(index / columns) * panel.height
    })">${drawPanel(curve)}</g>
`
  );
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="10" fill="#57606a">
<rect width="${width}" height="${height}" fill="#fff"/>
${panels}</svg>
`.source;
}

function drawPanel({ name, exponent, points }: Curve): Markup {
  const sizes = points.map(([size]) => size);
  const times = points.map(([, milliseconds]) => milliseconds);
  const bottom = panel.height - panel.bottom;
  const x = logarithmicScale(sizes, panel.left, panel.width - panel.right);
  const y = logarithmicScale(times, bottom, panel.top);
  const line = points.map(([size, milliseconds]) => `${x(size)},${y(milliseconds)}`).join(" ");
  return markup`<text x="${panel.left}" y="16" font-size="11" fill="#1f2328">${name}: p = ${
    exponent.toFixed(2)
  }</text>
<path d="M${panel.left},${panel.top}V${bottom}H${panel.width - panel.right}" fill="none" stroke="#8c959f"/>
<polyline points="${line}" fill="none" stroke="#0969da" stroke-width="2"/>
${
    points.map(([size, milliseconds]) =>
      markup`<circle cx="${x(size)}" cy="${y(milliseconds)}" r="3" fill="#0969da"/>
<text x="${x(size)}" y="${bottom + 14}" text-anchor="middle">${size}</text>
`
    )
  }${
    [Math.min(...times), Math.max(...times)].map((time) =>
      markup`<text x="${panel.left - 4}" y="${y(time) + 3}" text-anchor="end">${time.toPrecision(2)} ms</text>
`
    )
  }`;
}

/** From values to places, so that equal factors are equal distances; rounded to a tenth of a unit. */
function logarithmicScale(values: readonly number[], from: number, to: number): (value: number) => number {
  const [lowest, highest] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  const span = highest - lowest || 1;
  return (value) => Math.round(10 * (from + (Math.log(value) - lowest) / span * (to - from))) / 10;
}
