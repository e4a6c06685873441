import type { ReliabilityBin } from "../../calibration/metrics/reliability.ts";
import { chartFile } from "./file.ts";
import { commonFrame, reliabilityDiagram } from "./reliability.ts";

/** The bins of predictions, and a name for them. */
export interface NamedBins {
  readonly name: string;
  readonly bins: readonly ReliabilityBin[];
}

/** Draws reliability diagrams side by side, on the same axes, as an SVG file. */
export function reliabilityFile(diagrams: readonly NamedBins[]): string {
  const frame = commonFrame(diagrams.map(({ bins }) => bins));
  return chartFile({
    panels: diagrams.map(({ name, bins }) => ({
      title: name,
      drawing: reliabilityDiagram(`Reliability diagram of ${name}`, bins, frame),
    })),
  });
}
