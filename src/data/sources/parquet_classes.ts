import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../errors.ts";
import { excerpts } from "../../excerpt.ts";
import { partNames } from "../file_parts.ts";
import { valueAt } from "./json_values.ts";
import { classesSchema, type SourceOptions } from "./options.ts";
import { openParquet, pathOf } from "./parquet_file.ts";

/** What the library `datasets` writes into a file about a column whose numbers stand for classes. */
const classLabelSchema = z.object({ _type: z.literal("ClassLabel"), names: classesSchema.unwrap() });

/**
 * Returns the names of the classes that the numbers in the column of the labels stand for, where the files say so, as
 * those of the Hugging Face hub do.
 *
 * @throws {InputError} where a file isn't Parquet or lacks the column, or two files have other names
 */
export async function parquetClasses(
  folder: string,
  { files, columns }: Pick<SourceOptions, "files" | "columns">,
): Promise<readonly string[] | undefined> {
  if (columns.label === undefined) return undefined;
  let first: { readonly file: string; readonly classes: readonly string[] } | undefined;
  for (const name of partNames.flatMap((part) => files[part])) {
    const file = join(folder, name);
    const { metadata, names } = await openParquet(file);
    const about = metadata.key_value_metadata?.find(({ key }) => key === "huggingface")?.value;
    const column = valueAt(parsed(about), ["info", "features", ...pathOf(file, names, columns.label)]);
    const { data } = classLabelSchema.safeParse(column);
    if (!data) continue;
    first ??= { file, classes: data.names };
    if (data.names.join("\n") === first.classes.join("\n")) continue;
    throw new InputError({
      at: { file },
      found: `labels that stand for the classes ${excerpts(data.names, 100)}`,
      expected: `${excerpts(first.classes, 100)}, as in ${first.file}`,
      fix: "Take all files from one version of the data set.",
    });
  }
  return first?.classes;
}

/** Parses JSON. Returns undefined where it is none. */
function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
