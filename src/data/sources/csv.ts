import { join } from "node:path";
import { z } from "zod";
import { csvRows, placeInCsv } from "./csv_rows.ts";
import { allColumns, columnsSchema, commonFields, textFields } from "./options.ts";
import type { RecordReader } from "./record.ts";
import { tableRecords } from "./table_columns.ts";
import { textBytes } from "./text_file.ts";

/** The schema of a source of comma-separated files. */
export const csvSchema = z.strictObject({
  kind: z.literal("csv"),
  ...commonFields,
  ...textFields,
  delimiter: z.string().regex(/^[^"\r\n]$/, "a single character, no quotation mark or line break").default(
    ",",
  )
    .describe("The character between fields."),
  header: z.boolean().default(true).describe("Whether a file's first row names its columns."),
  columns: columnsSchema,
}).refine(
  ({ header, columns }) => header || allColumns(columns).every((column) => typeof column !== "string"),
  { error: "columns by number, as there is no header to name them", path: ["columns"] },
).describe("Comma-separated files (RFC 4180).");

/** The parameters of a source of comma-separated files. */
export type CsvOptions = z.output<typeof csvSchema>;

/** Returns a reader of comma-separated files. */
export function csvReader({ delimiter, header, encoding }: CsvOptions): RecordReader {
  return (folder, name, columns) => {
    const file = join(folder, name);
    return tableRecords({
      file,
      name,
      rows: csvRows(file, textBytes(file, encoding), delimiter),
      header,
      columns,
      placeOf: (row, index) => placeInCsv(file, row, index, delimiter),
      adviceOnSingle: (field) => adviceOnSingle(field, delimiter),
    });
  };
}

/** Says what else may be between the fields of a row that has none of the delimiters. */
function adviceOnSingle(field: string, delimiter: string): string | undefined {
  if (/^\s*[{[]/.test(field)) return "For JSON Lines set `kind: jsonl`, for JSON `kind: json`.";
  const other = ["\t", ";", ",", "|"].find((one) => one !== delimiter && field.includes(one));
  return other && `If it is between the fields, set \`delimiter: ${JSON.stringify(other)}\`.`;
}
