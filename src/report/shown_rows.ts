import { readRows, type Row } from "../data/rows.ts";
import { InputError } from "../errors.ts";

/**
 * Reads the rows of a split for a report. Where texts are to stay out of it, the message about a line that can't
 * be read names the line and quotes nothing of it, since a log keeps the message.
 *
 * @throws {InputError} as `readRows` does
 */
export async function readShownRows(
  file: string,
  { showTexts }: { readonly showTexts: boolean },
): Promise<Row[]> {
  try {
    return await readRows(file);
  } catch (cause) {
    if (showTexts || !(cause instanceof InputError) || cause.mistake.at?.line === undefined) throw cause;
    throw new InputError({ ...cause.mistake, found: "a line that can't be read" });
  }
}
