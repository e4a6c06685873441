import { z } from "zod";
import { InputError } from "../errors.ts";
import { readLines } from "../lines.ts";

/** The energies of texts that nobody labelled. */
export interface Energies {
  readonly ids: readonly string[];
  /** [n] */
  readonly energies: Float64Array;
}

const rowSchema = z.object({ id: z.string(), energy: z.number() });

/**
 * Reads the ids and energies of what `writeUnlabelled` wrote.
 *
 * @throws {InputError} at the first line that isn't such a row.
 */
export async function readEnergies(file: string): Promise<Energies> {
  const rows = (await readLines(file)).map((line, index) => parse(line, file, index + 1));
  return { ids: rows.map(({ id }) => id), energies: Float64Array.from(rows, ({ energy }) => energy) };
}

function parse(text: string, file: string, line: number): z.output<typeof rowSchema> {
  try {
    return rowSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new InputError({
      at: { file, line },
      found: text.slice(0, 80),
      expected: "a prediction with an id and an energy",
      fix: "Run the stage that wrote it again with --force.",
    }, { cause });
  }
}
