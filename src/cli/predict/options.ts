/** The options that predicting, serving and calibrating share. */

import { type Command, InvalidArgumentError, Option } from "commander";
import type { Precision } from "../../graph/graph.ts";
import { type Input, type InputForm, inputForms } from "./input.ts";

/** How a model is loaded. */
export interface ModelOptions {
  readonly file: string;
  readonly precision?: Precision;
  readonly threads: number;
}

/** What is answered about a text. */
export interface AnswerOptions {
  readonly uncalibrated: boolean;
  readonly abstainAt?: number;
  readonly sets?: number;
}

/** How texts are read, and the model that reads them. */
export interface SharedOptions extends ModelOptions {
  readonly inputFormat?: InputForm;
  readonly delimiter?: string;
  readonly textColumn?: string;
  readonly pairColumn?: string;
}

export function addSharedOptions(program: Command): Command {
  return addModelOptions(program)
    .addOption(
      new Option("--input-format <form>", "the texts' form, unless the file's ending tells").choices(
        inputForms,
      ),
    )
    .option("--delimiter <character>", "what stands between fields of CSV", delimiterOf, ",")
    .option("--text-column <name>", "the column, or field, of the text (default: text)")
    .option("--pair-column <name>", "that of the second text of a pair (default: pair, where there is one)");
}

export function addModelOptions(program: Command): Command {
  return program
    .option("--file <path>", "the pipeline file that the instance is of", "pipeline.yaml")
    .addOption(
      new Option(
        "--precision <type>",
        "what matrix products compute in (default: as the model was evaluated)",
      )
        .choices(["float32", "bfloat16"]),
    )
    .addOption(
      new Option("--threads <n>", "threads to compute with")
        .argParser(threadsOf).default(navigator.hardwareConcurrency, "as many as there are cores"),
    );
}

export function addAnswerOptions(program: Command): Command {
  return program
    .option("--uncalibrated", "leave the calibrator out", false)
    .option("--abstain-at <error>", "abstain where answers would have a larger error: 0.02", share)
    .option("--sets <share>", "add sets that hold the true class that often: 0.9", share);
}

/** Returns the input that the options describe. */
export function inputOf(
  path: string,
  { inputFormat, delimiter, textColumn, pairColumn }: SharedOptions,
): Input {
  return { path, form: inputFormat, fields: { text: textColumn, pair: pairColumn }, delimiter };
}

function delimiterOf(text: string): string {
  if (text.length === 1 && !/["\r\n]/.test(text)) return text;
  throw new InvalidArgumentError("Expected one character, such as ;");
}

function threadsOf(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 1024) return value;
  throw new InvalidArgumentError("Expected a whole number from 1 to 1024.");
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value < 1) return value;
  throw new InvalidArgumentError("Expected a number above 0 and below 1.");
}
