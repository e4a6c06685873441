import { z } from "zod";
import { InputError } from "../errors.ts";
import { readLines } from "../lines.ts";
import { unlabelled, type UnlabelledPredictions } from "./predictions.ts";

const rowSchema = z.object({
  id: z.string(),
  logits: z.array(z.number()).min(2),
  energy: z.number().optional(),
});

type Row = z.output<typeof rowSchema>;

/**
 * Reads what `writeUnlabelled` wrote; that of labelled predictions it reads too, and passes their labels over.
 *
 * @throws {InputError} at the first line that isn't such a row, or has other fields or classes than the first.
 */
export async function readUnlabelled(file: string): Promise<UnlabelledPredictions> {
  const rows: Row[] = [];
  for (const [index, line] of (await readLines(file)).entries()) {
    rows.push(parse(line, rows[0], { file, line: index + 1 }));
  }
  const energies = rows.flatMap(({ energy }) => energy ?? []);
  const said = { logits: rows.flatMap(({ logits }) => logits), energies };
  return unlabelled(rows, said, rows[0]?.logits.length ?? 0);
}

function parse(
  text: string,
  first: Row | undefined,
  at: { readonly file: string; readonly line: number },
): Row {
  const wrong = (cause?: unknown): InputError =>
    new InputError({
      at,
      found: text.slice(0, 80),
      expected: "an id, logits and perhaps an energy, as in line 1",
      fix: "Run the stage that wrote it again with --force.",
    }, { cause });
  let row: Row;
  try {
    row = rowSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw wrong(cause);
  }
  const sameForm = !first ||
    (row.logits.length === first.logits.length &&
      (row.energy === undefined) === (first.energy === undefined));
  if (!sameForm) throw wrong();
  return row;
}
