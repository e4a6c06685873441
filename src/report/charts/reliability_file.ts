import type { Reliability } from "../../calibration/metrics/reliability.ts";
import { chartFile } from "./file.ts";
import { commonFrame, reliabilityDiagram } from "./reliability.ts";

/** How reliable predictions are, and a name for them. */
export interface NamedReliability extends Reliability {
  readonly name: string;
}

/** Draws reliability diagrams side by side, on the same axes, as an SVG file. */
export function reliabilityFile(diagrams: readonly NamedReliability[]): string {
  const frame = commonFrame(diagrams.map(({ bins }) => bins));
  return chartFile({
    panels: diagrams.map(({ name, ...reliability }) => ({
      title: name,
      drawing: reliabilityDiagram(`Reliability diagram of ${name}`, reliability, frame),
    })),
  });
}
