import { statSync } from "node:fs";
import { type AnswerOptions, answering } from "../../inference/answer.ts";
import { loadClassifier } from "../../inference/classifier.ts";
import { predictSorted } from "../../inference/sorted_prediction.ts";
import type { Precision } from "../../graph/graph.ts";
import { InputError } from "../../errors.ts";
import { exitCodes } from "../program/exit_codes.ts";
import { interruption } from "../program/interruption.ts";
import { type Input, inputRecords } from "./input.ts";
import type { NamedModel } from "./model.ts";
import { lineWriter, openOutput, type OutputForm } from "./output.ts";
import { openProgress } from "./progress.ts";
import { windowsOf } from "./windows.ts";

export interface PredictOptions extends AnswerOptions {
  readonly model: NamedModel;
  readonly input: Input;
  readonly output: string;
  readonly outputForm: OutputForm;
  readonly precision: Precision | undefined;
  readonly threads: number;
  /** A folder that the process may write to. */
  readonly scratch: string;
}

/**
 * Predicts an input's texts, window by window. Answers are written in the input's order.
 *
 * @throws {InputError} where the model or a row can't be read; the answers before that row are written
 */
export async function predictTexts(options: PredictOptions): Promise<void> {
  const { model, input, output: path, outputForm, precision, threads, scratch } = options;
  const classifier = await loadClassifier(model.folder, { ...model, precision, threads, scratch });
  const { answers, promises } = answering(classifier, options);
  promises.forEach((line) => console.error(line));

  const progress = openProgress();
  interruption().addEventListener("abort", () => {
    progress.clear();
    console.error(`interrupted: ${progress.summary()}; what was written is whole, and --resume goes on from there`);
    Deno.exit(exitCodes.interrupted);
  });
  const size = sizeOf(input.path);
  const { header, line } = lineWriter(outputForm);
  using output = openOutput(path);
  let isFirst = true;
  for await (const { rows, bytes } of windowsOf(inputRecords(input), input.fields, classifier)) {
    const prediction = await predictSorted(classifier, rows.map(({ sequence }) => sequence), progress.add);
    const answered = answers(prediction, rows.map(({ cut }) => cut));
    const all = answered.map((answer, i) => ({ id: rows[i].id, ...answer }));
    progress.clear();
    output.write((isFirst ? header(all[0]) : "") + all.map(line).join(""));
    progress.at(size && bytes / size);
    isFirst = false;
  }
  if (isFirst) throw new InputError({ found: "no text in the input", expected: "at least one" });
  progress.clear();
  console.error(progress.summary());
  classifier.close();
}

/** Returns a file's size; undefined for standard input and where it can't be told. */
function sizeOf(path: string): number | undefined {
  try {
    return path === "-" ? undefined : statSync(path).size;
  } catch {
    return undefined;
  }
}
