import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../errors.ts";
import { excerpt } from "../../excerpt.ts";
import { lineBatches } from "../../lines.ts";
import { commonFields, textFields } from "./options.ts";
import type { FileRecord, RecordReader } from "./record.ts";
import { textBytes } from "./text_file.ts";

/** The schema of a source of lines that begin with their label. */
export const linesSchema = z.strictObject({
  kind: z.literal("lines"),
  ...commonFields,
  ...textFields,
  separator: z.string().min(1).default(" ").describe(
    "What is between the label and the text: a line is divided where it stands first.",
  ),
  labelUpTo: z.string().min(1).optional().describe(
    'Where a label ends earlier than that: with ":", TREC\'s `DESC:manner` is of the class DESC.',
  ),
}).describe("Files with a label and a text on each line.");

/** The parameters of a source of lines that begin with their label. */
export type LinesOptions = z.output<typeof linesSchema>;

/** Returns a reader of lines that begin with their label, whose columns are the text and the label. */
export function linesReader(options: LinesOptions): RecordReader {
  return (folder, name) => lineRecords(join(folder, name), name, options);
}

async function* lineRecords(
  file: string,
  name: string,
  { separator, labelUpTo, encoding }: LinesOptions,
): AsyncGenerator<readonly FileRecord[]> {
  let line = 0;
  let blank: number | undefined; // the first of blank lines, which may be the last ones
  let hasRows = false;
  for await (const batch of lineBatches(file, textBytes(file, encoding))) {
    const records: FileRecord[] = [];
    for (const text of batch) {
      line++;
      if (text.trim() === "") {
        blank ??= line;
        continue;
      }
      if (blank !== undefined) throw noLabel(file, blank, "", separator);
      const end = text.indexOf(separator);
      if (end < 0) throw noLabel(file, line, text, separator);
      const [label] = labelUpTo === undefined ? [text.slice(0, end)] : text.slice(0, end).split(labelUpTo, 1);
      const number = line;
      records.push({
        id: `${name}:${number}`,
        values: [text.slice(end + separator.length), label],
        at: (index) => ({ file, line: number, column: index === 0 ? end + separator.length + 1 : 1 }),
      });
    }
    hasRows ||= records.length > 0;
    yield records;
  }
  if (!hasRows) {
    throw new InputError({
      at: { file },
      found: "an empty file",
      expected: "a label and a text on each line",
    });
  }
}

function noLabel(file: string, line: number, text: string, separator: string): InputError {
  return new InputError({
    at: { file, line },
    found: text === "" ? "a blank line" : `${excerpt(text, 80)} without ${excerpt(separator)}`,
    expected: `a label, ${excerpt(separator)} and a text`,
    fix: "Correct the line, or `separator`.",
  });
}
