import { negativeLogLikelihood } from "../../../src/calibration/metrics/proper_scores.ts";
import { accuracy, topLabel } from "../../../src/calibration/metrics/top_label.ts";
import { softmax } from "../../../src/calibration/predictions/softmax.ts";
import type { Precision } from "../../../src/graph/graph.ts";
import type { Bench } from "../../benchmark.ts";
import { nativeCommand } from "../../calibrant/command.ts";
import { type Command, type CommandOptions, outputOf } from "../../command.ts";
import { readReviews } from "../../inputs/reviews.ts";
import { beside, percent } from "../../page/table.ts";
import { type Differences, type RunFigures, smoothed, smoothedSteps } from "./comparison.ts";
import { type Curve, writeCurveJob } from "./job.ts";

/** Writes the job that all runs do, and returns its path and the labels of the texts that they predict. */
export async function prepareRuns(
  bench: Bench,
): Promise<{ readonly job: string; readonly labels: Int32Array }> {
  const splits = await readReviews(bench);
  const labels = Int32Array.from(splits.tune, ({ label }) => label);
  return { job: await writeCurveJob(bench, splits), labels };
}

/** Makes the command of Calibrant's training run for a job. */
export function curveCommand({ folder }: Bench, job: string, precision: Precision): Command {
  return nativeCommand(new URL("train.ts", import.meta.url), [job, precision, folder]);
}

/** Makes a training run, and returns its figures. */
export async function trainCurve(
  command: Command,
  labels: Int32Array,
  options: CommandOptions = {},
): Promise<RunFigures> {
  const { losses, logits }: Curve = JSON.parse(await outputOf(command, options));
  const scores = Float64Array.from(logits);
  return {
    losses,
    nll: negativeLogLikelihood(scores, labels, 2),
    accuracy: accuracy(topLabel(softmax(scores, 2), labels, 2)),
  };
}

export const runHeadings = [
  "run",
  `loss, first ${smoothedSteps} steps`,
  `last ${smoothedSteps}`,
  "NLL on tune",
  "accuracy",
];

export function runRow(name: string, { losses, nll, accuracy }: RunFigures): string[] {
  const means = smoothed(losses);
  return [
    name,
    ...[means[0], means.at(-1)!, nll].map((value) => value.toFixed(4)),
    percent(accuracy),
  ];
}

export const differenceHeadings = [
  "runs",
  "largest",
  "root mean square",
  "smoothed",
  "NLL on tune",
  "accuracy",
];

/** Writes how far two runs are apart, each figure with what it may be. */
export function differenceRow(name: string, found: Differences, allowed: Differences): string[] {
  const cell = (figure: keyof Differences, write: (value: number) => string) => {
    const [text, tolerance] = beside(found[figure], "≤", allowed[figure], write);
    return `${text} (${tolerance})`;
  };
  const nats = (value: number) => String(Number(value.toPrecision(2)));
  return [
    name,
    cell("largest", nats),
    cell("rootMeanSquare", nats),
    cell("smoothed", nats),
    cell("nll", nats),
    cell("accuracy", percent),
  ];
}
