import * as Plot from "@observablehq/plot";
import type { Distributions } from "../distributions.ts";
import type { Chart, Drawing } from "../document.ts";
import { formatCount, formatShare } from "../format.ts";
import type { VoteBin } from "../vote_bins.ts";
import { gridY, named, panelSize } from "./axes.ts";
import { colour } from "./colours.ts";
import { draw } from "./drawing.ts";

/** Draws how many people agree with each variant, by its confidence; undefined where texts have no votes. */
export function voteChart(trainings: readonly Distributions[]): Chart | undefined {
  const panels = trainings.flatMap(({ variant, votes }) =>
    votes ? [{ title: variant, drawing: voteDrawing(variant, votes) }] : []
  );
  if (panels.length === 0) return undefined;
  return {
    name: "votes",
    caption:
      "The share of people who chose the class that a classifier chooses, by its confidence, as trained: dots are means " +
      "of the texts in a bin, and bars hold the middle half of them. On the dashed line a classifier is as sure as people " +
      "agree.",
    panels,
  };
}

function voteDrawing(variant: string, bins: readonly VoteBin[]): Drawing {
  const lowest = Math.min(...bins.map(({ lower }) => lower));
  const confidence = ({ confidence }: VoteBin) => 100 * confidence;
  const text = ({ count, confidence, agreement }: VoteBin) =>
    `confidence ${formatShare(confidence)}, people ${formatShare(agreement)} (${formatCount(count)} texts)`;
  return draw(`Confidence of ${variant} and the share of people who agree: ${bins.map(text).join("; ")}`, {
    ...panelSize,
    x: { ...named("Confidence (%)"), domain: [100 * lowest, 100] },
    y: { ...named("People who agree (%)"), domain: [0, 100] },
    marks: [
      gridY(),
      Plot.line([[100 * lowest, 100 * lowest], [100, 100]], {
        stroke: colour("reference"),
        strokeDasharray: "4 4",
      }),
      Plot.ruleX(bins, {
        x: confidence,
        y1: ({ quartiles }: VoteBin) => 100 * quartiles[0],
        y2: ({ quartiles }: VoteBin) => 100 * quartiles[1],
        stroke: colour("band"),
        strokeWidth: 9,
      }),
      Plot.line(bins, {
        x: confidence,
        y: ({ agreement }: VoteBin) => 100 * agreement,
        stroke: colour("first"),
        strokeOpacity: 0.6,
      }),
      Plot.dot(bins, {
        x: confidence,
        y: ({ agreement }: VoteBin) => 100 * agreement,
        r: 4,
        fill: colour("first"),
        stroke: colour("surface"),
        title: text,
      }),
    ],
  });
}
