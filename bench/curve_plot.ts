import { type Markup, markup } from "../src/report/markup.ts";

/** A value for each step. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/** What is drawn of a classifier: losses, and below them differences between losses. */
export interface CurvePanel {
  readonly name: string;
  readonly losses: readonly Series[];
  readonly differences: readonly Series[];
}

// In the drawing's own units.
const panel = { width: 360, height: 200, left: 58, right: 14, top: 30, bottom: 16 } as const;
const lineHeight = 13;
const colours = ["#0969da", "#bc4c00", "#1a7f37", "#8250df"];

/** Side by side what each classifier's losses were and, on a logarithmic axis, how far apart; as an SVG file. */
export function curvePlot(panels: readonly CurvePanel[]): string {
  const [losses, differences] = panels[0] ? [panels[0].losses, panels[0].differences] : [[], []];
  const legend = Math.max(losses.length, differences.length) * lineHeight + 2 * lineHeight;
  const [width, height] = [panels.length * panel.width, 2 * panel.height + legend];
  const drawn = panels.map(({ name, losses, differences }, column) =>
    markup`<g transform="translate(${column * panel.width} 0)">${
      drawPanel(`${name}: loss`, losses, linear)
    }</g>
<g transform="translate(${column * panel.width} ${panel.height})">${
      drawPanel(`${name}: differences`, differences, logarithmic)
    }</g>
`
  );
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="10" fill="#57606a">
<rect width="${width}" height="${height}" fill="#fff"/>
${drawn}${drawLegend("losses", losses, panel.left)}${
    drawLegend("differences", differences, panel.left + panel.width)
  }</svg>
`.source;
}

/** An axis: where a value is between the lowest, 0, and the highest, 1, and how its ends are written. */
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

/** Runs may agree to the last digit: what is below a ten-millionth is drawn there. */
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

function drawLegend(title: string, series: readonly Series[], x: number): Markup {
  const top = 2 * panel.height + lineHeight;
  return markup`<text x="${x}" y="${top}" fill="#1f2328">${title}</text>
${
    series.map(({ name }, index) => {
      const y = top + (index + 1) * lineHeight;
      return markup`<path d="M${x},${y - 3}h16" stroke="${colours[index]}" stroke-width="2"/><text x="${
        x + 22
      }" y="${y}">${name}</text>
`;
    })
  }`;
}
