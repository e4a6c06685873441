import * as Plot from "@observablehq/plot";
import type { Distributions, ReliabilityCurves } from "../distributions.ts";
import type { Chart, Drawing } from "../document.ts";
import { formatDecimal, formatShare } from "../format.ts";
import { accuracyAt } from "../reliability_curves.ts";
import { gridY, named } from "./axes.ts";
import { draw } from "./drawing.ts";
import { confidenceAxis, diagonal, type Frame, tenths, withinFrame } from "./reliability.ts";
import { legendOf, lineOf, seriesOf } from "./series.ts";

/** The confidence at which the text for those who can't see the drawing reads the curves. */
const readAt = 0.9;

/** Draws the reliability curves of all variants into one diagram, as trained, and into another after temperature. */
export function reliabilityOverlay(
  trainings: readonly Distributions[],
  reference: string,
  frame: Frame,
): Chart {
  const panel = (title: string, state: keyof ReliabilityCurves) => ({
    title,
    drawing: overlay(title, trainings, state, reference, frame),
  });
  return {
    name: "reliability-overlay",
    caption:
      "How often answers of a confidence are right: the curves of all variants, by isotonic regression (CORP). Above " +
      "the dotted diagonal a classifier is less sure than it could be, and below it too sure.",
    panels: [panel("As trained", "uncalibrated"), panel("After temperature", "calibrated")],
    inPairs: true,
  };
}

function overlay(
  title: string,
  trainings: readonly Distributions[],
  state: keyof ReliabilityCurves,
  reference: string,
  frame: Frame,
): Drawing {
  const { lowestAccuracy } = frame;
  const [width, marginLeft, marginRight] = [400, 54, 12];
  const series = seriesOf(trainings.map(({ variant }) => variant), reference);
  const legend = legendOf(series, { left: marginLeft, width: width - marginLeft - marginRight });
  const ticks = tenths.filter((tick) => tick >= lowestAccuracy);
  const told = trainings.map(({ variant, reliabilityCurves }) =>
    `${variant}: ${formatShare(accuracyAt(reliabilityCurves[state], readAt))}`
  );
  return draw(
    `Reliability curves, ${title.toLowerCase()}. Right at a confidence of ${formatDecimal(readAt, 2)}: ${
      told.join("; ")
    }`,
    {
      width,
      height: 320 + legend.height,
      marginLeft,
      marginRight,
      marginTop: legend.height + 10,
      marginBottom: 36,
      x: confidenceAxis(frame),
      y: { ...named("Accuracy"), domain: [lowestAccuracy, 1], ticks },
      marks: [
        gridY(ticks),
        diagonal(frame, "1 3"), // the reference's curve is dashed
        ...trainings.map(({ reliabilityCurves }, at) => {
          const curve = withinFrame(reliabilityCurves[state], frame);
          return Plot.line(curve, { x: "confidence", y: "accuracy", ...lineOf(series[at]) });
        }),
        ...legend.marks,
      ],
    },
  );
}
