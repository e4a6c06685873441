import { writeFile } from "node:fs/promises";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { lineBatches } from "../lines.ts";

const noiseRowSchema = z.strictObject({
  id: z.string().min(1),
  text: z.string().min(1),
  pair: z.string().min(1).optional(),
});

const share = z.number().min(0).max(1);

const rowSchema = noiseRowSchema.extend({
  label: z.int().min(0),
  votes: z.union([share, z.array(share).min(3)]).optional(),
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
  /**
   * Where several people rated the text, the share of them who chose the second of two classes, or of more
   * classes the share who chose each.
   */
  readonly votes?: number | readonly number[] | undefined;
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
  const ordered = function* () {
    for (const row of rows) {
      const { id, text, pair, label, votes }: NoiseRow & Partial<Row> = row;
      yield { id, text, pair, label, votes };
    }
  };
  await writeJsonLines(file, ordered());
}

/**
 * Writes values as JSON Lines. They are written piece by piece, since a string can't be longer than half a
 * gigabyte.
 */
export async function writeJsonLines(file: string, values: Iterable<unknown>): Promise<void> {
  await writeFile(file, pieces(values));
}

/** The length from which on a piece of a file is written, in characters. */
const pieceLength = 2 ** 20;

function* pieces(values: Iterable<unknown>): Generator<string> {
  let piece = "";
  for (const value of values) {
    piece += `${JSON.stringify(value)}\n`;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

async function readJsonLines<Value>(file: string, schema: z.ZodType<Value>): Promise<Value[]> {
  const fix = "Rows are written by a stage: run it again with --force.";
  const values: Value[] = [];
  let line = 0;
  for await (const batch of lineBatches(file)) {
    for (const text of batch) {
      line++;
      const parsed = schema.safeParse(parseJson(text));
      if (!parsed.success) {
        const [{ path, message }] = parsed.error.issues;
        const wrong = path.length === 0
          ? `a line that is no row (${message})`
          : `${path.join(".")}: ${message}`;
        const found = wrong.length > 200 ? `${wrong.slice(0, 200)}…` : wrong;
        throw new InputError({ at: { file, line }, found, expected: "a row as JSON", fix });
      }
      values.push(parsed.data);
    }
  }
  if (values.length === 0) {
    throw new InputError({ at: { file }, found: "an empty file", expected: "at least one row", fix });
  }
  return values;
}

/** Parses a line. Returns undefined, which no schema of rows accepts, where it isn't JSON. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
