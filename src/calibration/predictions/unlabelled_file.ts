import { z } from "zod";
import { InputError, type Location } from "../../errors.ts";
import { readLines } from "../../lines.ts";
import { unlabelled, type UnlabelledPredictions } from "./logits_file.ts";

const rowSchema = z.object({
  id: z.string(),
  logits: z.array(z.number()).min(2),
  energy: z.number().optional(),
});

type Row = z.output<typeof rowSchema>;

/**
 * Reads what `writeUnlabelled` wrote; that of labelled predictions it reads too, and passes their labels over.
 *
 * @throws {InputError} where there is no row, and at the first that isn't one, or has other fields or classes than the first.
 */
export async function readUnlabelled(file: string): Promise<UnlabelledPredictions> {
  const rows = (await readLines(file)).map((text, index) => parse(text, { file, line: index + 1 }));
  const [first] = rows;
  if (!first) throw wrong({ file }, "no predictions", "one or more");
  const other = rows.findIndex((row) => formOf(row) !== formOf(first));
  if (other >= 0) {
    throw wrong({ file, line: other + 1 }, formOf(rows[other]), `${formOf(first)}, as in line 1`);
  }
  const energies = rows.flatMap(({ energy }) => energy ?? []);
  const said = { logits: rows.flatMap(({ logits }) => logits), energies };
  return unlabelled(rows, said, first.logits.length);
}

function parse(text: string, at: Location): Row {
  try {
    return rowSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw wrong(at, text.slice(0, 80), "an id, logits and perhaps an energy", cause);
  }
}

function formOf({ logits, energy }: Row): string {
  return `${logits.length} logits and ${energy === undefined ? "no" : "an"} energy`;
}

function wrong(at: Location, found: string, expected: string, cause?: unknown): InputError {
  return new InputError({ at, found, expected, fix: "Run the stage that wrote it again with --force." }, {
    cause,
  });
}
