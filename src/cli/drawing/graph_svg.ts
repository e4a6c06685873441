/** Draws a pipeline's graph as a self-contained SVG image, or as a part of a page. */

import { type Markup, markup } from "../../report/markup.ts";
import { type Box, layOut, type Line, type Point } from "./graph_layout.ts";
import type { GraphNode } from "./graph_text.ts";

const style = markup`<style>
.graph text { font: 12px ui-monospace, monospace; fill: #1f2328; }
.graph rect { fill: #f6f8fa; stroke: #8c959f; }
.graph path { fill: none; stroke: #8c959f; }
.graph marker path { fill: #8c959f; stroke: none; }
@media screen and (prefers-color-scheme: dark) { .graph text { fill: #e6edf3; } .graph rect { fill: #161b22; } }
</style>
<marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">
<path d="M0 0 L8 4 L0 8 Z"/></marker>`;

/** What a drawing that is part of a page has beside boxes and lines. */
export interface PageLinks {
  /** A text for those who can't see it. */
  readonly label: string;
  /** Returns where a box leads to. */
  addressOf(node: GraphNode): string;
}

/** Returns the image's source. @param nodes ordered so that each comes after those that it needs */
export function toSvg(nodes: readonly GraphNode[]): string {
  return drawGraph(nodes).source;
}

/**
 * Draws a graph.
 *
 * @param nodes ordered so that each comes after those that it needs
 * @param links makes links of the boxes
 */
export function drawGraph(nodes: readonly GraphNode[], links?: PageLinks): Markup {
  const { width, height, boxes, lines } = layOut(nodes);
  const [w, h] = [Math.ceil(width), Math.ceil(height)] as const;
  const role = links ? markup` role="group" aria-label="${links.label}"` : markup``;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="graph" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}"${role}>
${style}
${lines.map(drawLine)}${boxes.map((box) => drawLinkedBox(box, links))}</svg>`;
}

function drawLinkedBox(box: Box, links: PageLinks | undefined): Markup {
  return links
    ? markup`<a href="${links.addressOf(box.node)}">${drawBox(box)}</a>
`
    : markup`${drawBox(box)}
`;
}

function drawBox({ node, x, y, width, height }: Box): Markup {
  return markup`<g><title>${node.description}</title><rect x="${rounded(x)}" y="${rounded(y)}" width="${
    rounded(width)
  }" height="${height}" rx="5"/><text x="${rounded(x + width / 2)}" y="${
    rounded(y + height / 2)
  }" text-anchor="middle" dominant-baseline="central">${node.name}</text></g>`;
}

/**
 * Draws a piece of an edge: a curve between two columns, and a straight line through the second where the
 * edge goes on.
 */
function drawLine(line: Line): Markup {
  const [from, to] = [roundedPoint(line.from), roundedPoint(line.to)] as const;
  const middle = rounded((from.x + to.x) / 2);
  const curve = `M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
  const straight = line.through ? `H${rounded(line.through.x)}` : "";
  const arrow = line.through ? markup`` : markup` marker-end="url(#arrow)"`;
  return markup`<path d="${curve}${straight}"${arrow}/>
`;
}

function roundedPoint({ x, y }: Point): Point {
  return { x: rounded(x), y: rounded(y) };
}

/** Rounds to a tenth of a pixel, to keep the file short. */
function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
