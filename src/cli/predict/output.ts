/** Writes answers to a file or to standard output, whole lines only. */

import type { Answer } from "../../inference/answer.ts";
import { InputError } from "../../errors.ts";
import { statIfThere } from "../../pipeline/store/atomic.ts";
import { csvLine } from "../csv.ts";
import { writing } from "../program/system_error.ts";
import { writeAll } from "../../write_all.ts";

/** The forms that an output may have. */
export const outputForms = ["jsonl", "csv"] as const;
export type OutputForm = typeof outputForms[number];

/** An answer with its row's name. */
export interface AnswerRow extends Answer {
  readonly id: string | number;
}

/** Makes lines of answers. */
export interface LineWriter {
  /** Returns the line that names columns, which are those that the first row has; empty where none does. */
  header(first: AnswerRow): string;
  line(row: AnswerRow): string;
}

/** Returns the form that a path's ending tells. */
export function outputFormOf(path: string): OutputForm {
  return path.toLowerCase().endsWith(".csv") ? "csv" : "jsonl";
}

/**
 * Makes the writer of a form.
 *
 * @param classes the model's classes, in the order of the logits
 */
export function lineWriter(form: OutputForm, classes: readonly string[]): LineWriter {
  if (form === "jsonl") return { header: () => "", line: (row) => `${JSON.stringify(row)}\n` };
  const part = (row: AnswerRow, index: 0 | 1) =>
    csvLine(columnsOf(row, classes).map((column) => String(column[index])));
  return { header: (first) => part(first, 0), line: (row) => part(row, 1) };
}

/** Lists a row's columns, each with its name. */
function columnsOf(
  { id, label, probs, logits, set, ...others }: AnswerRow,
  classes: readonly string[],
): readonly Column[] {
  return [
    ["id", id],
    ["label", label],
    ...classes.map((name): Column => [`prob_${name}`, probs[name]]),
    ...classes.map((name, c): Column => [`logit_${name}`, logits[c]]),
    ...Object.entries(others),
    ...(set ? [["set", JSON.stringify(set)] as const] : []),
  ];
}

type Column = readonly [name: string, value: string | number | boolean];

/** Where lines go. */
export interface Output extends Disposable {
  /** Writes whole lines; if the system stops it half-way, those that were begun are taken back. */
  write(lines: string): void;
}

/**
 * Checks that answers don't go to the file that the texts come from, which would be lost.
 *
 * @throws {InputError} where they do
 */
export function requireOtherFile(input: string, output: string): void {
  if (input === "-" || output === "-") return;
  const [from, to] = [statIfThere(input), statIfThere(output)];
  if (!from?.isFile || from.dev !== to?.dev || from.ino !== to.ino) return;
  throw new InputError({
    at: { file: output },
    found: "the input as the output",
    expected: "another file, since the texts would be lost",
  });
}

/**
 * Opens an output. A file is cut at the first write, when all that can fail before has gone well.
 *
 * @param length the size, in bytes, of what stays of the file
 */
export function openOutput(path: string, length: number): Output {
  return path === "-" ? standardOutput() : fileOutput(path, length);
}

function standardOutput(): Output {
  return { write: (lines) => writeAll(Deno.stdout, lines), [Symbol.dispose]: () => {} };
}

function fileOutput(path: string, length: number): Output {
  let file: Deno.FsFile | undefined;
  return {
    write: (lines) =>
      writing(path, () => {
        file ??= openAt(path, length);
        try {
          length += writeAll(file, lines);
        } catch (error) {
          if (file.statSync().isFile) file.truncateSync(length);
          throw error;
        }
      }),
    [Symbol.dispose]: () => file?.close(),
  };
}

function openAt(path: string, length: number): Deno.FsFile {
  const file = Deno.openSync(path, { write: true, create: true });
  if (file.statSync().isFile) { // a pipe and a device such as /dev/null have no length
    file.truncateSync(length);
    file.seekSync(length, Deno.SeekMode.Start);
  }
  return file;
}
