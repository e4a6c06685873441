/** `deno task metrics` measures the predictions of any classifier. */

import { InvalidArgumentError, Option } from "commander";
import { resolve } from "node:path";
import {
  type Calibrator,
  type CalibratorName,
  calibratorNames,
  fitCalibrator,
} from "../calibration/calibrators/fit.ts";
import { measureFile } from "../calibration/measure.ts";
import { figureNames, usualFigures } from "../calibration/metrics/figures.ts";
import type { Binning } from "../calibration/metrics/bins.ts";
import { logitsOf, readPredictionFile } from "../calibration/predictions/file.ts";
import type { NamedPredictions } from "../calibration/predictions/same_examples.ts";
import { InputError } from "../errors.ts";
import { comparePredictions, comparisonJson } from "./metrics/comparison.ts";
import { explanation } from "./metrics/help.ts";
import { writeDiagrams } from "./metrics/plot.ts";
import { comparisonText, type MeasuredFile, measuredText } from "./metrics/text.ts";
import { newProgram, runProgram } from "./program/program.ts";
import { withWriteAccess } from "./program/write_access.ts";

interface Options extends Required<Binning> {
  readonly bootstrap?: number;
  readonly seed: number;
  readonly all: boolean;
  readonly fit?: CalibratorName;
  readonly fitOn?: string;
  readonly compare: boolean;
  readonly plot?: string;
  readonly json: boolean;
}

const program = newProgram("deno task metrics")
  .description("Measures how accurate and how well calibrated predictions are, whatever made them.")
  .argument("<files...>", "predictions of labelled examples")
  .option("--all", "measure all figures, which takes about twice as long as the usual ones", false)
  .option("--bootstrap <n>", "resample the examples n times, for intervals", wholeFrom(2))
  .option("--seed <n>", "seed of all random draws", wholeFrom(0), 1)
  .option("--bins <n>", "the largest number of bins", wholeFrom(1), 20)
  .addOption(
    new Option(
      "--binning <kind>",
      "what the bins have in common: their width, or how many examples they hold",
    )
      .choices(["width", "mass"]).default("width"),
  )
  .addOption(
    new Option("--edge <side>", "which edge belongs to a bin").choices(["left", "right"]).default("right"),
  )
  .addOption(
    new Option("--precision <type>", "what confidences are rounded to before they are put into bins")
      .choices(["float64", "float32"]).default("float64"),
  )
  .addOption(
    new Option("--fit <calibrator>", "calibrate the predictions before measuring").choices(calibratorNames),
  )
  .option("--fit-on <file>", "predictions to fit the calibrator on; they should be of other examples")
  .option("--compare", "say how the second of two files differs from the first, on the same examples", false)
  .option("--plot <path>", "write a reliability diagram, as SVG")
  .option("--json", "print JSON", false)
  .addHelpText("after", explanation)
  .action((files: readonly string[], options: Options) => {
    checkTogether(files, options);
    if (options.plot === undefined) return report(files, options);
    return withWriteAccess(resolve(options.plot), () => report(files, options));
  });

async function report(files: readonly string[], options: Options): Promise<void> {
  const { bootstrap: resamples, seed, json, plot, bins, binning, edge, precision } = options;
  const calibrator = await fittedCalibrator(options);
  const measuring = { binning: { bins, binning, edge, precision }, seed, resamples };
  const names = options.all ? figureNames : usualFigures;
  if (options.compare) {
    const [reference, other] = [await readNamed(files[0]), await readNamed(files[1])];
    const comparison = comparePredictions(reference, other, names, measuring);
    if (plot !== undefined) writeDiagrams(plot, [reference, other], measuring.binning);
    return console.log(
      json ? JSON.stringify(comparisonJson(comparison), null, 2) : comparisonText(comparison),
    );
  }
  const measured = new Map<string, MeasuredFile>();
  const plotted: NamedPredictions[] = [];
  for (const file of files) {
    const { predictions } = await readNamed(file, calibrator);
    measured.set(file, {
      n: predictions.labels.length,
      classes: predictions.classes,
      figures: measureFile(predictions, names, measuring),
      calibrator,
    });
    if (plot !== undefined) plotted.push({ name: file, predictions });
  }
  if (plot !== undefined) writeDiagrams(plot, plotted, measuring.binning);
  if (!json) return console.log([...measured].map((one) => measuredText(...one)).join("\n\n"));
  const objects = Array.from(measured, ([file, one]) => [file, jsonOf(one)] as const);
  const printed = files.length === 1 ? objects[0][1] : Object.fromEntries(objects);
  console.log(JSON.stringify(printed, null, 2));
}

/** Reads a file's predictions, and calibrates them where there is a calibrator. */
async function readNamed(file: string, calibrator?: Calibrator): Promise<NamedPredictions> {
  const predictions = await readPredictionFile(file);
  if (!calibrator) return { name: file, predictions };
  const { logits } = calibrator.apply({ ...predictions, logits: logitsOf(predictions) });
  return { name: file, predictions: { ...predictions, form: "logits", values: logits } };
}

async function fittedCalibrator({ fit, fitOn }: Options): Promise<Calibrator | undefined> {
  if (fit === undefined || fitOn === undefined) return undefined;
  const predictions = await readPredictionFile(fitOn);
  return fitCalibrator(fit, { ...predictions, logits: logitsOf(predictions) });
}

/** Returns what `--json` prints of a file: its figures lie side by side with the rest. */
function jsonOf({ n, classes, figures, calibrator }: MeasuredFile): object {
  if (!calibrator) return { n, classes, ...figures };
  const { name, summary, note, temperature } = calibrator;
  return { n, classes, ...figures, calibrator: { name, summary, note }, temperature };
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

/** Makes a parser of an option that is a whole number. */
function wholeFrom(lowest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= lowest) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${lowest}.`);
  };
}

await runProgram(program);
