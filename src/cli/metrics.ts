/** `deno task metrics` measures the predictions of any classifier. */

import { InvalidArgumentError, Option } from "commander";
import { resolve } from "node:path";
import { type CalibratorName, calibratorNames } from "../calibration/calibrators/calibrator.ts";
import { measureFile } from "../calibration/measure.ts";
import { figureNames, usualFigures } from "../calibration/metrics/figures.ts";
import type { Binning } from "../calibration/metrics/bins.ts";
import { readPredictionFile } from "../calibration/predictions/file.ts";
import { type ColumnNames, parseColumns } from "../calibration/predictions/reading.ts";
import type { NamedPredictions } from "../calibration/predictions/same_examples.ts";
import { InputError } from "../errors.ts";
import {
  calibrated,
  fitOn,
  type NamedCalibrator,
  overlapWarning,
  save,
  savedIn,
} from "./metrics/calibrate.ts";
import { comparePredictions, comparisonJson } from "./metrics/comparison.ts";
import { explanation } from "./metrics/help.ts";
import { writeDiagrams } from "./metrics/plot.ts";
import { writeProbabilities } from "./metrics/write_predictions.ts";
import { comparisonText, type MeasuredFile, measuredText } from "./metrics/text.ts";
import { newProgram, runProgram } from "./program/program.ts";
import { withWriteAccess } from "./program/write_access.ts";

interface Options extends Required<Binning> {
  readonly bootstrap?: number;
  readonly seed: number;
  readonly all: boolean;
  readonly fit?: CalibratorName;
  readonly fitOn?: string;
  readonly apply?: string;
  readonly save?: string;
  readonly writeCalibrated?: string;
  readonly columns?: ColumnNames;
  readonly classes?: readonly string[];
  readonly normalize: boolean;
  readonly compare: boolean;
  readonly plot?: string;
  readonly json: boolean;
}

const program = newProgram("deno task metrics")
  .description("Measures how accurate and how well calibrated predictions are, whatever made them.")
  .argument("<files...>", "predictions of labelled examples; - is standard input")
  .option("--all", "measure all figures, which takes about twice as long as the usual ones", false)
  .option("--bootstrap <n>", "resample the examples n times, for intervals", wholeFrom(2, 1e6))
  .option("--seed <n>", "seed of all random draws", wholeFrom(0), 1)
  .option("--bins <n>", "the largest number of bins", wholeFrom(1, 1e6), 20)
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
  .option("--save <path>", "write the fitted calibrator, as JSON")
  .option("--apply <calibrator.json>", "calibrate the predictions with one that was saved")
  .option("--write-calibrated <path>", "write the calibrated probabilities, as JSON Lines")
  .option("--columns <names>", "the columns that have other names: label=y_true,probs=p0,p1", parseColumns)
  .option("--classes <names>", "the names of the classes in their order: neg,pos", classNamesOf)
  .option("--normalize", "divide each row of probabilities by its sum", false)
  .option("--compare", "say how the second of two files differs from the first, on the same examples", false)
  .option("--plot <path>", "write a reliability diagram, as SVG")
  .option("--json", "print JSON", false)
  .addHelpText("after", explanation)
  .action((files: readonly string[], options: Options) => {
    checkTogether(files, options);
    const written = [options.plot, options.save, options.writeCalibrated].flatMap((path) => path ?? []);
    return withWriteAccess(written.map((path) => resolve(path)), () => report(files, options));
  });

async function report(files: readonly string[], options: Options): Promise<void> {
  const { bootstrap: resamples, seed, json, plot, bins, binning, edge, precision } = options;
  const fitted = await calibratorFor(options);
  if (options.save !== undefined && fitted) await save(options.save, fitted);
  const measuring = { binning: { bins, binning, edge, precision }, seed, resamples };
  const names = options.all ? figureNames : usualFigures;
  if (options.compare) {
    const [reference, other] = [await readNamed(files[0], options), await readNamed(files[1], options)];
    const comparison = comparePredictions(reference, other, names, measuring);
    if (plot !== undefined) await writeDiagrams(plot, [reference, other], measuring.binning);
    return console.log(
      json ? JSON.stringify(comparisonJson(comparison), null, 2) : comparisonText(comparison),
    );
  }
  const measured = new Map<string, MeasuredFile>();
  const plotted: NamedPredictions[] = [];
  for (const file of files) {
    const given = await readNamed(file, options);
    const { name, predictions } = fitted ? calibrated(given, fitted) : given;
    if (options.writeCalibrated !== undefined) writeProbabilities(options.writeCalibrated, predictions);
    measured.set(file, {
      name,
      n: predictions.labels.length,
      classes: predictions.classes,
      figures: measureFile(predictions, names, measuring),
      calibrator: fitted?.calibrator,
      warning: fitted && overlapWarning(given, fitted),
    });
    if (plot !== undefined) plotted.push({ name, predictions });
  }
  if (plot !== undefined) await writeDiagrams(plot, plotted, measuring.binning);
  if (!json) return console.log([...measured.values()].map(measuredText).join("\n\n"));
  const objects = Array.from(measured, ([file, one]) => [file, jsonOf(one)] as const);
  const printed = files.length === 1 ? objects[0][1] : Object.fromEntries(objects);
  console.log(JSON.stringify(printed, null, 2));
}

/** Returns the calibrator that the options ask for: one to be fitted, a saved one, or none. */
async function calibratorFor(options: Options): Promise<NamedCalibrator | undefined> {
  const { fit, fitOn: file, apply } = options;
  if (apply !== undefined) return await savedIn(apply);
  return fit === undefined || file === undefined ? undefined : fitOn(fit, await readNamed(file, options));
}

/** Reads a file's predictions, or those of standard input. */
async function readNamed(
  file: string,
  { columns, classes: classNames, normalize }: Options,
): Promise<NamedPredictions> {
  if (file === "") throw new InputError({ found: "an empty name of a file", expected: "a file, or -" });
  const [name, source] = file === "-" ? ["standard input", Deno.stdin.readable] : [file, undefined];
  return { name, predictions: await readPredictionFile(name, { columns, classNames, normalize, source }) };
}

/** Returns what `--json` prints of a file: its figures lie side by side with the rest. */
function jsonOf({ n, classes, figures, calibrator, warning }: MeasuredFile): object {
  if (!calibrator) return { n, classes, ...figures };
  const { name, summary, note, temperature } = calibrator;
  return { warning, n, classes, ...figures, calibrator: { name, summary, note }, temperature };
}

/** @throws {InputError} where options don't go together. */
function checkTogether(files: readonly string[], options: Options): void {
  const { fit, fitOn, apply, save, writeCalibrated, compare } = options;
  const calibrates = fit ?? apply;
  if ([...files, fitOn].filter((file) => file === "-").length > 1) {
    throw new InputError({ found: "standard input (-) twice", expected: "once: it can be read only once" });
  }
  if ((fit === undefined) !== (fitOn === undefined)) {
    const [found, expected] = fit === undefined ? ["--fit-on", "--fit"] : ["--fit", "--fit-on"];
    const fix =
      "A calibrator is fitted on other examples than those reported: --fit temperature --fit-on FILE";
    throw new InputError({ found: `${found} without ${expected}`, expected: "both, or neither", fix });
  }
  if (fit !== undefined && apply !== undefined) {
    throw new InputError({ found: "--fit with --apply", expected: "a calibrator to fit, or a saved one" });
  }
  if (save !== undefined && fit === undefined) {
    throw new InputError({ found: "--save without --fit", expected: "a calibrator that is fitted here" });
  }
  if (writeCalibrated !== undefined && (calibrates === undefined || files.length > 1)) {
    throw new InputError({
      found: `--write-calibrated of ${files.length === 1 ? "a file" : `${files.length} files`}${
        calibrates === undefined ? " without a calibrator" : ""
      }`,
      expected: "one file, with --fit and --fit-on, or --apply",
    });
  }
  if (compare && calibrates !== undefined) {
    throw new InputError({
      found: `--compare with ${fit === undefined ? "--apply" : "--fit"}`,
      expected: "one of them",
      fix: "Two classifiers don't share a calibrator: give calibrated predictions of each.",
    });
  }
  if (compare && files.length !== 2) {
    throw new InputError({ found: `--compare of ${files.length} files`, expected: "two: --compare A B" });
  }
}

/** Parses the names of classes. */
function classNamesOf(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.length >= 2 && !names.includes("") && new Set(names).size === names.length) return names;
  throw new InvalidArgumentError("Expected two or more names that differ: neg,pos.");
}

/** Makes a parser of an option that is a whole number. */
function wholeFrom(lowest: number, highest = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value;
    throw new InvalidArgumentError(
      `Expected a whole number from ${lowest}${highest < Number.MAX_SAFE_INTEGER ? ` to ${highest}` : ""}.`,
    );
  };
}

await runProgram(program);
