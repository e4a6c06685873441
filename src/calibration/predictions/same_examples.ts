import { InputError } from "../../errors.ts";
import type { PredictionFile } from "./file.ts";
import type { Predictions } from "./classified.ts";

/** A file's predictions with the file's name, for messages. */
export interface NamedPredictions {
  readonly name: string;
  readonly predictions: PredictionFile;
}

/** The part of a file's predictions by which examples are told apart, with the file's name. */
export interface NamedExamples {
  readonly name: string;
  readonly predictions: Pick<PredictionFile, "ids" | "labels" | "classes">;
}

/** The same part where examples have ids but perhaps no labels. */
export interface ExamplesFile {
  readonly name: string;
  readonly predictions: Pick<Predictions, "ids" | "classes"> & Partial<Pick<Predictions, "labels">>;
}

/**
 * Checks that two files predict the same examples in the same order: labels must agree, and ids where both
 * have them.
 *
 * @throws {InputError} at the first example that differs.
 */
export function checkSameExamples(reference: NamedExamples, other: NamedExamples): void {
  const [expected, found] = [reference.predictions, other.predictions];
  const differ = (what: string, of: (predictions: NamedExamples["predictions"]) => unknown) => {
    throw new InputError({
      at: { file: other.name },
      found: `${what} ${of(found)}`,
      expected: `${of(expected)}, as in ${reference.name}`,
      fix: "Predictions that are compared must be of the same examples, in the same order.",
    });
  };
  if (found.classes !== expected.classes) differ("classes:", ({ classes }) => classes);
  if (found.labels.length !== expected.labels.length) differ("examples:", ({ labels }) => labels.length);
  for (let i = 0; i < found.labels.length; i++) {
    if (found.ids && expected.ids && found.ids[i] !== expected.ids[i]) {
      differ(`in row ${i + 1} id`, ({ ids }) => JSON.stringify(ids?.[i]));
    }
    if (found.labels[i] !== expected.labels[i]) differ(`in row ${i + 1} label`, ({ labels }) => labels[i]);
  }
}

/**
 * Checks that all files predict the same examples as the first, as {@link checkSameExamples} does; examples
 * without labels are compared by their ids alone.
 *
 * @throws {InputError} at the first example that differs.
 */
export function checkAllSame(files: readonly ExamplesFile[]): void {
  const examples = files.map(({ name, predictions }): NamedExamples => ({
    name,
    predictions: { labels: new Int32Array(predictions.ids.length), ...predictions },
  }));
  for (const each of examples) checkSameExamples(examples[0], each);
}
