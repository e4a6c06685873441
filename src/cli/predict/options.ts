/** The options that predicting and calibrating share. */

import { type Command, InvalidArgumentError, Option } from "commander";
import type { Precision } from "../../graph/graph.ts";
import { type Input, type InputForm, inputForms } from "./input.ts";

export interface SharedOptions {
  readonly file: string;
  readonly inputFormat?: InputForm;
  readonly delimiter?: string;
  readonly textColumn?: string;
  readonly pairColumn?: string;
  readonly precision?: Precision;
  readonly threads: number;
}

export function addSharedOptions(program: Command): Command {
  return program
    .option("--file <path>", "the pipeline file that the instance is of", "pipeline.yaml")
    .addOption(
      new Option("--input-format <form>", "the texts' form, unless the file's ending tells").choices(
        inputForms,
      ),
    )
    .option("--delimiter <character>", "what stands between fields of CSV", delimiterOf, ",")
    .option("--text-column <name>", "the column, or field, of the text (default: text)")
    .option("--pair-column <name>", "that of the second text of a pair (default: pair, where there is one)")
    .addOption(
      new Option(
        "--precision <type>",
        "what matrix products compute in (default: as the model was evaluated)",
      )
        .choices(["float32", "bfloat16"]),
    )
    .option("--threads <n>", "threads to compute with", threadsOf, navigator.hardwareConcurrency);
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
