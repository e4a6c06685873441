import { type Markup, markup } from "../../../src/report/markup.ts";

/** A value for each step. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/** The losses of each run, and the differences between two runs' losses. */
export interface Curves {
  readonly losses: readonly Series[];
  readonly differences: readonly Series[];
}

// Lengths are in the drawing's own units.
const panel = { width: 360, height: 200, left: 58, right: 14, top: 30, bottom: 16 } as const;
const lineHeight = 13;
const colours = ["#0969da", "#bc4c00", "#1a7f37", "#8250df"];

/** Draws the losses and, beside them on a logarithmic axis, their differences, as an SVG file. */
export function curvePlot({ losses, differences }: Curves): string {
  const legend = (Math.max(losses.length, differences.length) + 1) * lineHeight;
  const [width, height] = [2 * panel.width, panel.height + legend];
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="10" fill="#57606a">
<rect width="${width}" height="${height}" fill="#fff"/>
${drawPanel("loss", losses, linear)}${drawLegend(losses)}
<g transform="translate(${panel.width} 0)">${drawPanel("differences", differences, logarithmic)}${
    drawLegend(differences)
  }</g>
</svg>
`.source;
}

/** Places values between the axis' lowest, 0, and its highest, 1, and says how these ends are written. */
interface Axis {
  readonly place: (value: number) => number;
  readonly ends: readonly [lowest: string, highest: string];
}

function linear(values: readonly number[]): Axis {
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  return {
    place: (value) => (value - lowest) / (highest - lowest),
    ends: [lowest.toFixed(2), highest.toFixed(2)],
  };
}

/** Since runs may agree to the last digit, a value below a ten-millionth is drawn as a ten-millionth. */
function logarithmic(values: readonly number[]): Axis {
  const exponent = (value: number) => Math.log10(Math.max(value, 1e-7));
  const [lowest, highest] = [
    Math.floor(Math.min(...values.map(exponent))),
    Math.ceil(Math.max(...values.map(exponent))),
  ];
  return {
    place: (value) => (exponent(value) - lowest) / Math.max(1, highest - lowest),
    ends: [`1e${lowest}`, `1e${highest}`],
  };
}

function drawPanel(
  title: string,
  series: readonly Series[],
  axisOf: (values: readonly number[]) => Axis,
): Markup {
  const { place, ends } = axisOf(series.flatMap(({ values }) => values));
  const [right, bottom] = [panel.width - panel.right, panel.height - panel.bottom];
  const lines = series.map(({ values }, index) => {
    const points = values.map((value, step) => {
      const x = panel.left + step / Math.max(1, values.length - 1) * (right - panel.left);
      return `${x.toFixed(1)},${(bottom - place(value) * (bottom - panel.top)).toFixed(1)}`;
    });
    return markup`<polyline points="${points.join(" ")}" fill="none" stroke="${
      colours[index]
    }" stroke-width="1.5"/>
`;
  });
  return markup`<text x="${panel.left}" y="16" font-size="11" fill="#1f2328">${title}</text>
<path d="M${panel.left},${panel.top}V${bottom}H${right}" fill="none" stroke="#8c959f"/>
${lines}<text x="${panel.left - 6}" y="${bottom}" text-anchor="end">${ends[0]}</text>
<text x="${panel.left - 6}" y="${panel.top + 6}" text-anchor="end">${ends[1]}</text>`;
}

function drawLegend(series: readonly Series[]): Markup {
  return markup`${
    series.map(({ name }, index) => {
      const y = panel.height + (index + 1) * lineHeight;
      return markup`<path d="M${panel.left},${y - 3}h16" stroke="${
        colours[index]
      }" stroke-width="2"/><text x="${panel.left + 22}" y="${y}">${name}</text>
`;
    })
  }`;
}
