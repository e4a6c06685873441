import { join } from "node:path";
import { z } from "zod";
import { placeOf, tableBatches } from "../table.ts";
import { allColumns, columnsSchema, commonFields, textFields } from "./options.ts";
import type { RecordReader } from "./record.ts";
import { tableRecords } from "./table_columns.ts";
import { textBytes } from "./text_file.ts";

/** The schema of a source of tab-separated files: those of GLUE, or one's own. */
export const tsvSchema = z.strictObject({
  kind: z.literal("tsv"),
  ...commonFields,
  ...textFields,
  header: z.boolean().default(true).describe("Whether a file's first line names its columns."),
  columns: columnsSchema,
}).refine(
  ({ header, columns }) => header || allColumns(columns).every((column) => typeof column !== "string"),
  { error: "columns by number, as there is no header to name them", path: ["columns"] },
).describe("Tab-separated files without quoting.");

/** The parameters of a source of tab-separated files. */
export type TsvOptions = z.output<typeof tsvSchema>;

/**
 * Returns a reader of tab-separated files.
 *
 * @param keepsShort whether lines with fewer fields are records too, which lack the last ones
 */
export function tsvReader(
  { header, encoding }: Pick<TsvOptions, "header" | "encoding">,
  keepsShort?: boolean,
): RecordReader {
  return (folder, name, columns) => {
    const file = join(folder, name);
    return tableRecords({
      file,
      name,
      rows: tableBatches(file, undefined, textBytes(file, encoding), keepsShort),
      header,
      columns,
      placeOf: (row, index) => placeOf(file, row, index),
      adviceOnSingle,
    });
  };
}

/** Says which kind of source a file without tabs may be. */
function adviceOnSingle(line: string): string | undefined {
  if (/^\s*[{[]/.test(line)) {
    return "There are no tabs: for JSON Lines set `kind: jsonl`, for JSON `kind: json`.";
  }
  if (line.includes(",")) return "There are no tabs: for commas set `kind: csv`.";
  if (line.includes(";")) return 'There are no tabs: for semicolons set `kind: csv` and `delimiter: ";"`.';
  return undefined;
}
