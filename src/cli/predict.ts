/** `deno task predict` gives new texts calibrated probabilities. */

import { InvalidArgumentError, Option } from "commander";
import { namedModel } from "./predict/model.ts";
import { type InputForm, inputForms } from "./predict/input.ts";
import { type OutputForm, outputFormOf, outputForms } from "./predict/output.ts";
import { predictTexts } from "./predict/run.ts";
import { explanation } from "./predict/help.ts";
import { withNativeAccess } from "./predict/native_access.ts";
import { newProgram, runProgram } from "./program/program.ts";
import type { Precision } from "../graph/graph.ts";

interface Options {
  readonly model: string;
  readonly file: string;
  readonly input: string;
  readonly output: string;
  readonly inputFormat?: InputForm;
  readonly outputFormat?: OutputForm;
  readonly textColumn?: string;
  readonly pairColumn?: string;
  readonly uncalibrated: boolean;
  readonly abstainAt?: number;
  readonly sets?: number;
  readonly precision?: Precision;
  readonly threads: number;
}

const program = newProgram("deno task predict")
  .description("Predicts the classes of texts, with calibrated probabilities.")
  .requiredOption("--model <model>", "an instance of the pipeline, such as finetune@hidden, or a model's folder")
  .option("--file <path>", "the pipeline file that the instance is of", "pipeline.yaml")
  .option("--input <file>", "the texts; - is standard input", "-")
  .option("--output <file>", "where the answers go; - is standard output", "-")
  .addOption(new Option("--input-format <form>", "unless the file's ending tells").choices(inputForms))
  .addOption(new Option("--output-format <form>", "unless the file's ending tells").choices(outputForms))
  .option("--text-column <name>", "the column, or field, of the text")
  .option("--pair-column <name>", "the column, or field, of the second text of a pair")
  .option("--uncalibrated", "leave the calibrator out", false)
  .option("--abstain-at <error>", "abstain where the rest would have a larger error: 0.02", share)
  .option("--sets <share>", "add sets that hold the true class that often: 0.9", share)
  .addOption(
    new Option("--precision <type>", "what matrix products compute in; by default as the model was evaluated")
      .choices(["float32", "bfloat16"]),
  )
  .option("--threads <n>", "threads to compute with", wholeFrom(1), navigator.hardwareConcurrency)
  .addHelpText("after", explanation)
  .action((options: Options) => {
    const { input: path, output, inputFormat, textColumn, pairColumn, outputFormat } = options;
    return withNativeAccess(output === "-" ? [] : [output], (scratch) =>
      predictTexts({
        ...options,
        model: namedModel(options.model, options.file),
        input: { path, form: inputFormat, fields: { text: textColumn, pair: pairColumn } },
        outputForm: outputFormat ?? outputFormOf(output),
        precision: options.precision,
        scratch,
      }));
  });

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value < 1) return value;
  throw new InvalidArgumentError("Expected a number above 0 and below 1.");
}

function wholeFrom(lowest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= lowest) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${lowest}.`);
  };
}

await runProgram(program);
