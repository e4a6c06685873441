import { InputError } from "../../errors.ts";
import type { PredictionFile } from "./file.ts";
import type { Predictions } from "./classified.ts";

/** A file's predictions, and its name. */
export interface NamedPredictions {
  readonly name: string;
  readonly predictions: PredictionFile;
}

/** What tells one set of examples from another. */
export interface NamedExamples {
  readonly name: string;
  readonly predictions: Pick<PredictionFile, "ids" | "labels" | "classes">;
}

/** A file of examples with ids, labelled or not, and its name. */
export interface ExamplesFile {
  readonly name: string;
  readonly predictions: Pick<Predictions, "ids" | "classes"> & Partial<Pick<Predictions, "labels">>;
}

/**
 * Checks that two files predict the same examples in the same order: by label, and by id where both have ids.
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
      fix: "What is compared has to be of the same examples, in the same order.",
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
 * Checks that all files predict the same examples as the first, as {@link checkSameExamples} does; those that nobody labelled by
 * their ids alone.
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
