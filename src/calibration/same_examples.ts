import { InputError } from "../errors.ts";
import type { PredictionFile } from "./prediction_file.ts";

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
