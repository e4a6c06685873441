import type { Location } from "../../errors.ts";
import { badRow, show } from "./bad_row.ts";

/** How far from 1 the sum of a row's probabilities may be, because those of 16 bits are that inexact. */
export const sumTolerance = 1e-3;

/**
 * Returns the values of both classes, given that of class 1.
 *
 * @throws {InputError} where it isn't a number.
 */
export function ofTwoClasses(value: unknown, form: "logits" | "probs", at: Location): readonly number[] {
  if (!isFinite(value)) {
    const fix = typeof value === "string" && value.startsWith("[")
      ? "A list in a field can't be read: give each class a column of its own, such as prob_0 and prob_1."
      : undefined;
    throw badRow(at, `${form} ${show(value)}`, "a finite number", fix);
  }
  if (form === "logits") return [0, value];
  if (!(value >= 0 && value <= 1 + sumTolerance)) {
    throw badRow(at, `probs ${show(value)}`, "a probability from 0 to 1");
  }
  const probability = Math.min(1, value);
  return [1 - probability, probability];
}

/**
 * Checks the logits of a row.
 *
 * @throws {InputError} where they aren't finite numbers.
 */
export function checkLogits(logits: unknown, at: Location): readonly number[] {
  const values = checkNumbers(logits, "logits", at);
  const wrong = values.findIndex((value) => !isFinite(value));
  if (wrong >= 0) throw badRow(at, `logits[${wrong}] ${show(values[wrong])}`, "a finite number");
  return values;
}

/**
 * Takes a probability that rounding put above 1 for 1; the others stay as they are, since bins depend on the
 * last digit, unless each row is to be divided by its sum.
 *
 * @throws {InputError} where they aren't probabilities that sum to 1.
 */
export function checkProbabilities(probs: unknown, normalize: boolean, at: Location): readonly number[] {
  const values = checkNumbers(probs, "probs", at);
  const most = normalize ? Number.MAX_VALUE : 1 + sumTolerance;
  const wrong = values.findIndex((value) => !(isFinite(value) && value >= 0 && value <= most));
  // The sum of what isn't a number, such as a list, would be a text.
  const sum = values.reduce((total, one) => total + (typeof one === "number" ? one : NaN), 0);
  if (wrong >= 0) {
    const expected = normalize ? "a number from 0" : "a probability from 0 to 1";
    const fix = Array.isArray(values[wrong])
      ? "Write each example as an object on a line of its own."
      : undefined;
    throw badRow(at, `probs[${wrong}] ${show(values[wrong])}`, expected, fix ?? adviceOnSum(sum));
  }
  if (normalize && sum > 0 && Number.isFinite(sum)) return values.map((value) => Math.min(1, value / sum));
  if (Math.abs(sum - 1) > sumTolerance) {
    throw badRow(
      at,
      `probabilities that sum to ${Number(sum.toPrecision(6))}`,
      normalize ? "a sum above 0" : "a sum of 1, to within 0.001",
      adviceOnSum(sum),
    );
  }
  return values.map((value) => Math.min(1, value));
}

/** Says what to do about probabilities by their sum: rounding and percentages can be put right. */
function adviceOnSum(sum: number): string | undefined {
  if (Math.abs(sum - 1) > sumTolerance && Math.abs(sum - 1) < 0.1) {
    return "If they were rounded, --normalize divides each row by its sum.";
  }
  if (Math.abs(sum - 100) < 10) return "If they are percentages, --normalize divides each row by its sum.";
  if (sum > 1) return "Probabilities of classes that don't exclude each other can't be measured together.";
  return undefined;
}

function checkNumbers(values: unknown, name: string, at: Location): readonly number[] {
  if (Array.isArray(values) && values.length >= 2) return values;
  const fix = isFinite(values)
    ? `If it is that of class 1 of two, so that class 0 has the rest, say so: --columns ${name}=${name}`
    : undefined;
  throw badRow(at, `${name} ${show(values)}`, "a list with one number for each of two or more classes", fix);
}

/** Whether a value is a number, and neither NaN nor infinite. */
export function isFinite(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
