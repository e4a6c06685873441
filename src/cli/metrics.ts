/** `deno task metrics`: anyone's predictions, measured. */

import { Command, InvalidArgumentError, Option } from "commander";
import { resolve } from "node:path";
import type { Binning } from "../calibration/metrics/bins.ts";
import {
  type Calibrator,
  type CalibratorName,
  calibratorNames,
  fitCalibrator,
} from "../calibration/calibrators/fit.ts";
import { forecastsOf, logitsOf, readPredictionFile } from "../calibration/predictions/file.ts";
import { predictionFigures } from "../calibration/measure.ts";
import { predictionVoteFigures } from "../calibration/prediction_votes.ts";
import type { NamedPredictions } from "../calibration/predictions/same_examples.ts";
import { InputError } from "../errors.ts";
import { comparePredictions } from "./metrics/comparison.ts";
import { writeDiagrams } from "./metrics/plot.ts";
import { comparisonText, figuresText, type Measured } from "./metrics/text.ts";
import { tell } from "./terminal/tell.ts";
import { withWriteAccess } from "./terminal/write_access.ts";

interface Options {
  readonly bootstrap?: number;
  readonly seed: number;
  readonly bins: number;
  readonly binning: "width" | "mass";
  readonly edge: "left" | "right";
  readonly fit?: CalibratorName;
  readonly fitOn?: string;
  readonly compare: boolean;
  readonly plot?: string;
  readonly json: boolean;
}

const explanation = `
A FILE holds one example a line, as JSON or, where its name ends in .csv, as CSV with a header:
  {"label": 1, "logits": [-0.3, 1.2]}       label,logit_0,logit_1
  {"label": 1, "probs": [0.2, 0.8]}         label,prob_0,prob_1
"id", "energy" and "votes" (the share of people who chose class 1) may be there too; other fields are passed over.
Probabilities are measured as they are given; each row sums to 1 within 0.001.

--json prints one object: n, classes and each figure, as a number or, with --bootstrap, as {value, low, high} (95 %);
null is what is undefined or infinite. Votes on two classes add figures of their own. Of several files it prints an
object with one such object for each; with --compare, the figures of both and each difference, from 2,000 resamples
unless --bootstrap says otherwise. With --fit each has its calibrator, {name, summary, note}, whose note is what the
data left open, and its temperature if it is one. docs/metrics.md tells what figures and calibrators are.

Examples:
  deno task metrics predictions.jsonl
  deno task metrics test.csv --bootstrap 2000 --json
  deno task metrics test.jsonl --fit temperature --fit-on validation.jsonl
  deno task metrics --compare before.jsonl after.jsonl
  deno task metrics a.jsonl b.jsonl --plot reliability.svg --bins 15

Exit codes: 0 done, 2 wrong input.`;

const program = new Command("deno task metrics")
  .description("Measures the calibration of predictions, of any framework.")
  .argument("<files...>", "predictions on labelled examples")
  .option("--bootstrap <n>", "resample the examples so often for intervals", wholeFrom(2))
  .option("--seed <n>", "the seed of all random draws", wholeFrom(0), 1)
  .option("--bins <n>", "how many bins at the most", wholeFrom(1), 20)
  .addOption(new Option("--binning <kind>", "bins of equal").choices(["width", "mass"]).default("width"))
  .addOption(
    new Option("--edge <side>", "which side of a bin is closed").choices(["left", "right"]).default("right"),
  )
  .addOption(new Option("--fit <calibrator>", "calibrate before measuring").choices(calibratorNames))
  .option("--fit-on <file>", "what the calibrator is fitted on, never what is reported")
  .option(
    "--compare",
    "by how much the second of two files differs from the first, on the same examples",
    false,
  )
  .option("--plot <path>", "write a reliability diagram, as SVG")
  .option("--json", "print JSON", false)
  .addHelpText("after", explanation)
  .exitOverride()
  .action((files: readonly string[], options: Options) => {
    checkTogether(files, options);
    if (options.plot === undefined) return report(files, options);
    return withWriteAccess(resolve(options.plot), () => report(files, options));
  });

async function report(files: readonly string[], options: Options): Promise<void> {
  const { bootstrap: resamples, seed, json, plot } = options;
  const calibrator = await fitted(options);
  const binning: Binning = { bins: options.bins, binning: options.binning, edge: options.edge };
  const measuring = { binning, seed, resamples };
  if (options.compare) {
    const [reference, other] = [await named(files[0]), await named(files[1])];
    const comparison = comparePredictions(reference, other, measuring);
    if (plot !== undefined) writeDiagrams(plot, [reference, other], binning);
    return console.log(json ? JSON.stringify(comparison, null, 2) : comparisonText(comparison));
  }
  const measured = new Map<string, Measured>();
  const plotted: NamedPredictions[] = [];
  for (const file of files) {
    const { predictions } = await named(file, calibrator);
    measured.set(file, {
      n: predictions.labels.length,
      classes: predictions.classes,
      ...predictionFigures(forecastsOf(predictions), measuring),
      ...predictionVoteFigures(predictions, measuring),
      ...(calibrator ? described(calibrator) : {}),
    });
    if (plot !== undefined) plotted.push({ name: file, predictions });
  }
  if (plot !== undefined) writeDiagrams(plot, plotted, binning);
  if (!json) return console.log([...measured].map((one) => figuresText(...one)).join("\n\n"));
  const printed = files.length === 1 ? measured.get(files[0]) : Object.fromEntries(measured);
  console.log(JSON.stringify(printed, null, 2));
}

/** A file's predictions, calibrated where there is a calibrator. */
async function named(file: string, calibrator?: Calibrator): Promise<NamedPredictions> {
  const predictions = await readPredictionFile(file);
  if (!calibrator) return { name: file, predictions };
  const { logits } = calibrator.apply({ ...predictions, logits: logitsOf(predictions) });
  return { name: file, predictions: { ...predictions, form: "logits", values: logits } };
}

async function fitted({ fit, fitOn }: Options): Promise<Calibrator | undefined> {
  if (fit === undefined || fitOn === undefined) return undefined;
  const predictions = await readPredictionFile(fitOn);
  return fitCalibrator(fit, { ...predictions, logits: logitsOf(predictions) });
}

/** What JSON says of a calibrator. */
function described(
  { name, summary, note, temperature }: Calibrator,
): Pick<Measured, "calibrator" | "temperature"> {
  return { calibrator: { name, summary, note }, ...(temperature ? { temperature } : {}) };
}

/** @throws {InputError} where options don't go together. */
function checkTogether(files: readonly string[], { fit, fitOn, compare }: Options): void {
  if ((fit === undefined) !== (fitOn === undefined)) {
    const [found, expected] = fit === undefined ? ["--fit-on", "--fit"] : ["--fit", "--fit-on"];
    const fix =
      "A calibrator is fitted on other examples than those reported: --fit temperature --fit-on FILE";
    throw new InputError({ found: `${found} without ${expected}`, expected: "both, or neither", fix });
  }
  if (compare && fit !== undefined) {
    throw new InputError({
      found: "--compare with --fit",
      expected: "one of them",
      fix: "Two classifiers don't share a calibrator: give calibrated predictions of each.",
    });
  }
  if (compare && files.length !== 2) {
    throw new InputError({ found: `--compare of ${files.length} files`, expected: "two: --compare A B" });
  }
}

/** Reads an option that is a whole number. */
function wholeFrom(lowest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= lowest) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${lowest}.`);
  };
}

try {
  await program.parseAsync(Deno.args, { from: "user" });
} catch (error) {
  Deno.exitCode = tell(error);
}
