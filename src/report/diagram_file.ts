import type { ReliabilityBin } from "../calibration/metrics/reliability.ts";
import { type Markup, markup } from "./markup.ts";
import { commonFrame, reliabilityDiagram } from "./reliability_diagram.ts";
import { diagramStylesheet } from "./stylesheet.ts";

/** A diagram with its title. */
export interface NamedDiagram {
  readonly name: string;
  readonly bins: readonly ReliabilityBin[];
}

/**
 * Sizes of a panel and of the diagram in it, in the drawing's own units; and the longest name that fits, in
 * letters.
 */
const panel = { width: 440, height: 430, diagramWidth: 400, diagramHeight: 376, longestName: 50 } as const;

/** Draws reliability diagrams side by side, on the same axes, as an SVG file that needs nothing else. */
export function diagramFile(diagrams: readonly NamedDiagram[]): string {
  const frame = commonFrame(diagrams.map(({ bins }) => bins));
  const width = panel.width * diagrams.length;
  const panels = diagrams.map(({ name, bins }, index): Markup =>
    markup`<svg x="${
      20 + index * panel.width
    }" y="40" width="${panel.diagramWidth}" height="${panel.diagramHeight}">
${reliabilityDiagram(bins, { label: `Reliability diagram of ${name}`, frame })}
</svg>
<text x="${20 + index * panel.width}" y="26" class="title">${shortened(name)}</text>
`
  );
  const { source } =
    markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${panel.height}" width="${width}" height="${panel.height}" font-family="system-ui, sans-serif">
<style>${diagramStylesheet}.page { fill: var(--surface); }
.title { fill: var(--text); font-size: 14px; }
</style>
<rect class="page" width="100%" height="100%"/>
${panels}</svg>
`;
  return source;
}

/** Cuts off the beginning of a path that is too long for a panel, because paths differ at their ends. */
function shortened(name: string): string {
  return name.length > panel.longestName ? `…${name.slice(1 - panel.longestName)}` : name;
}
