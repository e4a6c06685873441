/** Where a mistake is: a file and, where known, the line and column (both counted from 1). */
export interface Location {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** The source line itself, shown underlined at `column`. */
  readonly source?: string | undefined;
}

/** What a person needs to know to put a mistake right. */
export interface Mistake {
  readonly at?: Location;
  readonly found: string;
  readonly expected: string;
  /** What to do about it, as a sentence. */
  readonly fix?: string | undefined;
}

/**
 * A user's mistake: shown as one message without a stack trace, exit code 2.
 *
 * @example
 * throw new InputError({
 *   at: { file: "train.tsv", line: 17, column: 3 },
 *   found: 'label "2"',
 *   expected: "one of 0, 1",
 *   fix: "Correct the label, or list it under `classes`.",
 * });
 */
export class InputError extends Error {
  override readonly name = "InputError";
  constructor(readonly mistake: Mistake, options?: ErrorOptions) {
    super(describe(mistake), options);
  }
}

function describe({ at, found, expected, fix }: Mistake): string {
  const lines = [`${at ? `${place(at)}: ` : ""}found ${found}, expected ${expected}`];
  if (at?.source !== undefined) {
    lines.push(`  ${at.source}`, `  ${" ".repeat((at.column ?? 1) - 1)}^`);
  }
  if (fix) lines.push(`  ${fix}`);
  return lines.join("\n");
}

function place({ file, line, column }: Location): string {
  return [file, line, column].filter((part) => part !== undefined).join(":");
}
