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
  readonly predictions: Pick<PredictionFile, "ids" | "labels" | "classes" | "classNames">;
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
  checkSameClasses(reference, other);
  if (found.labels.length !== expected.labels.length) differ("examples:", ({ labels }) => labels.length);
  for (let i = 0; i < found.labels.length; i++) {
    if (found.ids && expected.ids && found.ids[i] !== expected.ids[i]) {
      differ(`in row ${i + 1} id`, ({ ids }) => JSON.stringify(ids?.[i]));
    }
    if (found.labels[i] !== expected.labels[i]) differ(`in row ${i + 1} label`, ({ labels }) => labels[i]);
  }
}

/** The part of a file's predictions that tells which classes they are of, with the file's name. */
interface NamedClasses {
  readonly name: string;
  readonly predictions: Pick<PredictionFile, "classNames">;
}

/**
 * Checks that classes have the same names in the same order in two files.
 *
 * @throws {InputError} where they don't, or only one of the files has names.
 */
export function checkSameClasses(reference: NamedClasses, other: NamedClasses): void {
  const [expected, found] = [reference, other].map(({ predictions }) =>
    predictions.classNames?.join(", ") ?? "classes without names"
  );
  if (found === expected) return;
  throw new InputError({
    at: { file: other.name },
    found: found.slice(0, 100),
    expected: `${expected.slice(0, 100)}, as in ${reference.name}`,
    fix: "Say for both files which classes there are, in their order: --classes NAME,NAME,…",
  });
}

/**
 * Counts the examples of a file that are also in another: those whose ids are there or, where a file has no
 * ids, all of them if both files hold the same predictions.
 */
export function sharedExamples(file: PredictionFile, other: PredictionFile): number {
  if (file.ids && other.ids) {
    const ids = new Set(other.ids);
    return file.ids.filter((id) => ids.has(id)).length;
  }
  const isSame = file.form === other.form && areEqual(file.labels, other.labels) &&
    areEqual(file.values, other.values);
  return isSame ? file.labels.length : 0;
}

function areEqual(a: Int32Array | Float64Array, b: Int32Array | Float64Array): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
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
