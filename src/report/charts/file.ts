import type { Chart } from "../document.ts";
import { type Markup, markup } from "../markup.ts";
import { colour, withLiteralColours } from "./colours.ts";

/** Lengths in pixels: between panels, above one, and of a letter of its title. */
const [gap, titleHeight, letterWidth] = [20, 26, 7.5];

/** How wide a file may become before panels go into another row. */
const widest = 1060;

/**
 * Draws the panels of a chart in rows, as an SVG file that needs nothing else: colours are literal, so that
 * programs without CSS show them too.
 */
export function chartFile({ panels, inPairs }: Pick<Chart, "panels" | "inPairs">): string {
  const columnWidth = gap + Math.max(...panels.map(({ drawing }) => drawing.width));
  const rowHeight = gap + titleHeight + Math.max(...panels.map(({ drawing }) => drawing.height));
  const fitting = Math.max(1, Math.floor((widest - gap) / columnWidth));
  const columns = Math.min(panels.length, inPairs ? 2 : fitting);
  const width = gap + columns * columnWidth;
  const height = gap + Math.ceil(panels.length / columns) * rowHeight;
  const placed = panels.map(({ title, drawing }, index): Markup => {
    const [x, y] = [gap + index % columns * columnWidth, gap + Math.floor(index / columns) * rowHeight];
    return markup`<text x="${x}" y="${y + 12}" font-size="14">${shortened(title, columnWidth)}</text>
<g transform="translate(${x},${y + titleHeight})">${{ source: drawing.svg }}</g>
`;
  });
  const { source } =
    markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" fill="${
      colour("text")
    }">
<rect width="${width}" height="${height}" fill="${colour("surface")}"/>
${placed}</svg>
`;
  return withLiteralColours(source);
}

/** Cuts off the beginning of a title that is too long for a panel, because paths differ at their ends. */
function shortened(title: string, width: number): string {
  const letters = Math.floor(width / letterWidth);
  return title.length > letters ? `…${title.slice(1 - letters)}` : title;
}
