import { statSync } from "node:fs";
import { answering, type AnswerOptions } from "../../inference/answer.ts";
import { loadClassifier } from "../../inference/classifier.ts";
import { predictSorted } from "../../inference/sorted_prediction.ts";
import type { Precision } from "../../graph/graph.ts";
import { InputError } from "../../errors.ts";
import { formatCount } from "../../report/format.ts";
import { exitWhenInterrupted } from "../program/interruption.ts";
import { tell } from "../program/tell.ts";
import { oneLine } from "../terminal/one_line.ts";
import { type Input, inputRecords } from "./input.ts";
import type { NamedModel } from "./model.ts";
import { lineWriter, openOutput, type OutputForm } from "./output.ts";
import { openProgress, type Progress } from "./progress.ts";
import { checkSameRun, nothingWritten, writtenIn } from "./resume.ts";
import { windowRows, windowsOf } from "./windows.ts";

export interface PredictOptions extends AnswerOptions {
  readonly model: NamedModel;
  readonly input: Input;
  readonly output: string;
  readonly outputForm: OutputForm;
  /** Keeps what an interrupted run has written, and goes on behind it. */
  readonly resume: boolean;
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
  const { model, input, output: path, outputForm, resume, precision, threads, scratch } = options;
  let progress: Progress | undefined = undefined; // until texts are predicted
  exitWhenInterrupted(() => {
    if (!progress) return tell("interrupted: nothing was predicted");
    progress.clear(); // windows are written without a pause, so that none is left half-written
    const advice = path === "-" ? "" : "; with --resume it goes on from here";
    tell(`interrupted: ${progress.summary()}${advice}`);
  });
  const classifier = await loadClassifier(model.folder, { ...model, precision, threads, scratch });
  const { answers, promises } = answering(classifier, options);
  promises.forEach((line) => console.error(oneLine(line)));
  const written = resume ? await writtenIn(path, outputForm) : nothingWritten;
  const redone = written.windows - 1; // the last window is predicted again, to see whether it's the same run
  if (redone >= 0) console.error(`goes on after ${formatCount(written.windows * windowRows)} texts`);

  progress = openProgress();
  const size = sizeOf(input.path);
  const { header, line } = lineWriter(outputForm, classifier.description.classes);
  using output = openOutput(path, written.length);
  using _line = { [Symbol.dispose]: progress.clear }; // also where a row can't be read
  const windows = windowsOf(inputRecords(input), input.fields, classifier, Math.max(0, redone));
  let before: number | undefined; // about how many bytes of the input were left out
  let done = -1;
  for await (const { index, rows, bytes } of windows) {
    const prediction = await predictSorted(classifier, rows.map(({ sequence }) => sequence), progress.add);
    const answered = answers(prediction, rows.map(({ cut }) => cut));
    const named = answered.map((answer, row) => ({ id: rows[row].id, ...answer }));
    const lines = (index === 0 ? header(named[0]) : "") + named.map(line).join("");
    progress.clear();
    if (index === redone) checkSameRun(path, written, lines);
    output.write(index === redone ? "" : lines); // either cuts off what stands behind whole windows
    before ??= bytes * index / (index + 1);
    progress.at(size && (bytes - before) / (size - before));
    done = index;
  }
  if (done < redone) checkSameRun(path, written, "");
  if (done < 0) throw new InputError({ found: "no text in the input", expected: "at least one" });
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
