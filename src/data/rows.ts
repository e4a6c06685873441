import { writeFile } from "node:fs/promises";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { readLines } from "../lines.ts";

const noiseRowSchema = z.strictObject({
  id: z.string().min(1),
  text: z.string().min(1),
  pair: z.string().min(1).optional(),
});

const rowSchema = noiseRowSchema.extend({
  label: z.int().min(0),
  votes: z.number().min(0).max(1).optional(),
});

/** A text, or a pair of texts, without a label. */
export interface NoiseRow {
  /** The name of the row in every table up to the report. */
  readonly id: string;
  readonly text: string;
  /** The second text, in a task on pairs. */
  readonly pair?: string | undefined;
}

/** A text, or a pair of texts, with its label. */
export interface Row extends NoiseRow {
  /** The index of the row's class in the data set's classes. */
  readonly label: number;
  /** The share of people who chose the second of two classes, where several people rated the text. */
  readonly votes?: number | undefined;
}

/**
 * Reads labelled texts from JSON Lines.
 *
 * @throws {InputError} at the first line that isn't such a row, and where there is no line
 */
export function readRows(file: string): Promise<Row[]> {
  return readJsonLines(file, rowSchema);
}

/**
 * Reads noise texts from JSON Lines.
 *
 * @throws {InputError} at the first line that isn't such a row, and where there is no line
 */
export function readNoiseRows(file: string): Promise<NoiseRow[]> {
  return readJsonLines(file, noiseRowSchema);
}

/** Writes rows as JSON Lines, always with the fields in the same order. */
export async function writeRows(file: string, rows: readonly (Row | NoiseRow)[]): Promise<void> {
  const lines = rows.map((row) => {
    const { id, text, pair, label, votes }: NoiseRow & Partial<Row> = row;
    return `${JSON.stringify({ id, text, pair, label, votes })}\n`;
  });
  await writeFile(file, lines.join(""));
}

async function readJsonLines<Value>(file: string, schema: z.ZodType<Value>): Promise<Value[]> {
  const fix = "Rows are written by a stage: run it again with --force.";
  const lines = await readLines(file);
  if (lines.length === 0) {
    throw new InputError({ at: { file }, found: "an empty file", expected: "at least one row", fix });
  }
  return lines.map((line, index) => {
    const at = { file, line: index + 1 };
    const parsed = schema.safeParse(parseJson(line));
    if (parsed.success) return parsed.data;
    const [{ path, message }] = parsed.error.issues;
    const found = path.length === 0 ? `a line that is no row (${message})` : `${path.join(".")}: ${message}`;
    throw new InputError({ at, found, expected: "a row as JSON", fix });
  });
}

/** Parses a line. Returns undefined, which no schema of rows accepts, where it isn't JSON. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
