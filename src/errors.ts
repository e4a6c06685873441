import { aroundColumn, printable } from "./excerpt.ts";

/** The place of a mistake: a file and, where they are known, the line and the column, both counted from 1. */
export interface Location {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** The source line itself, which is shown with a mark under `column`. */
  readonly source?: string | undefined;
}

/** What a person needs to know to put a mistake right. */
export interface Mistake {
  readonly at?: Location;
  readonly found: string;
  readonly expected: string;
  /** A sentence that says what to do about it. */
  readonly fix?: string | undefined;
}

/**
 * A user's mistake. It is shown as one message without a stack trace, and the exit code is 2.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { InputError } from "./errors.ts";
 *
 * const error = new InputError({
 *   at: { file: "train.tsv", line: 17, column: 3 },
 *   found: 'the label "2"',
 *   expected: "one of 0, 1",
 *   fix: "Correct the label, or list it under `classes`.",
 * });
 * assert.equal(
 *   error.message,
 *   'train.tsv:17:3: found the label "2", expected one of 0, 1\n' +
 *     "  Correct the label, or list it under `classes`.",
 * );
 * ```
 */
export class InputError extends Error {
  override readonly name = "InputError";
  constructor(readonly mistake: Mistake, options?: ErrorOptions) {
    super(describe(mistake), options);
  }
}

/** Returns a mistake without what is advised, where that is meant for users of the command line. */
export function withoutAdvice({ mistake: { fix: _, ...mistake } }: InputError): InputError {
  return new InputError(mistake);
}

/** The most characters of each part of a message. */
const longestPart = 1000;

/**
 * Makes the message. Whatever its parts hold of a person's data, it stays short, and does nothing to a
 * terminal.
 */
function describe({ at, found, expected, fix }: Mistake): string {
  const [shownFound, shownExpected] = [found, expected].map((part) => printable(part, longestPart));
  const where = at ? `${place(at)}: ` : "";
  const lines = [`${where}found ${shownFound}, expected ${shownExpected}`];
  if (at?.source !== undefined) {
    const { text, column } = aroundColumn(at.source, at.column ?? 1);
    lines.push(`  ${text}`, `  ${" ".repeat(column - 1)}^`);
  }
  if (fix) lines.push(`  ${printable(fix, longestPart)}`);
  return lines.join("\n");
}

function place({ file, line, column }: Location): string {
  return [printable(file, longestPart), line, column].filter((part) => part !== undefined).join(":");
}
