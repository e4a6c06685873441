import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { lineBatches } from "../lines.ts";

const label = z.int().min(0);
const noiseRowSchema = z.strictObject({
  id: z.string().min(1),
  text: z.string().min(1),
  pair: z.string().min(1).optional(),
  label: label.optional(),
});

const share = z.number().min(0).max(1);

const rowSchema = noiseRowSchema.extend({
  label,
  votes: z.union([share, z.array(share).min(3)]).optional(),
});

/** A text, or a pair of texts, which needn't have a label. */
export interface NoiseRow {
  /** The name of the row in every table up to the report. */
  readonly id: string;
  readonly text: string;
  /** The second text, in a task on pairs. */
  readonly pair?: string | undefined;
  /** The label that the noise model wrote beside the text, where it writes labels. */
  readonly label?: number | undefined;
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
export async function readRows(file: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of readJsonLines(file, rowSchema)) for (const row of batch) rows.push(row);
  if (rows.length === 0) throw noRows(file);
  return rows;
}

/** What a pool of noise is for: to train on, or to evaluate energies on. */
export type NoiseUse = "train" | "evaluation";

/**
 * Reads noise texts from pools, one by one, since there may be millions. Those to train on come from all
 * pools, in the order of `inPoolOrder`; those to evaluate on come from the first.
 *
 * @param pools the folders that `sample-noise` or `fill-noise` wrote, by their variants
 * @throws {InputError} at the first line that isn't such a row, and where no pool has a line to train on
 */
export async function* readNoiseRows(
  pools: ReadonlyMap<string, string>,
  use: NoiseUse,
): AsyncGenerator<NoiseRow> {
  const files = inPoolOrder(pools).map((folder) => join(folder, `${use}.jsonl`));
  let isEmpty = true;
  for (const file of use === "train" ? files : files.slice(0, 1)) {
    for await (const rows of readJsonLines(file, noiseRowSchema)) {
      isEmpty &&= rows.length === 0;
      yield* rows;
    }
  }
  if (isEmpty && use === "train") throw noRows(files[0]);
}

/** Returns pools in the order of their names, in which numbers count by their value. */
export function inPoolOrder(pools: ReadonlyMap<string, string>): string[] {
  const { compare } = new Intl.Collator("en", { numeric: true });
  return [...pools].sort(([a], [b]) => compare(a, b)).map(([, folder]) => folder);
}

/** Writes rows as JSON Lines, always with the fields in the same order. */
export async function writeRows(file: string, rows: Iterable<Row | NoiseRow>): Promise<void> {
  await writeJsonLines(file, ordered(rows));
}

/** Writes the rows of blocks that come one after the other, so that no more than a block has to be held. */
export async function writeRowBlocks(
  file: string,
  blocks: AsyncIterable<Iterable<Row | NoiseRow>>,
): Promise<void> {
  const all = async function* () {
    for await (const rows of blocks) yield* pieces(ordered(rows));
  };
  await writeFile(file, all());
}

function* ordered(rows: Iterable<Row | NoiseRow>): Generator<object> {
  for (const row of rows) {
    const { id, text, pair, label, votes }: NoiseRow & Pick<Partial<Row>, "votes"> = row;
    yield { id, text, pair, label, votes };
  }
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

const fix = "Rows are written by a stage: run it again with --force.";

async function* readJsonLines<Value>(file: string, schema: z.ZodType<Value>): AsyncGenerator<Value[]> {
  let line = 0;
  for await (const batch of lineBatches(file)) {
    const values: Value[] = [];
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
    yield values;
  }
}

function noRows(file: string): InputError {
  return new InputError({ at: { file }, found: "an empty file", expected: "at least one row", fix });
}

/** Parses a line. Returns undefined, which no schema of rows accepts, where it isn't JSON. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
