import type { Source } from "../source.ts";
import { readSource } from "./read_source.ts";
import { type TsvOptions, tsvReader, tsvSchema } from "./tsv.ts";

/** The schemas of all kinds of sources whose files and columns a person describes. */
export const labelledTextsSchemas = [tsvSchema] as const;

/** The parameters of a source of labelled texts, of any kind. */
export type LabelledTextsOptions = TsvOptions;

/**
 * Reads a source of labelled texts of any kind.
 *
 * @throws {InputError} as {@link readSource} does
 */
export function readLabelledTexts(folder: string, options: LabelledTextsOptions): Promise<Source> {
  return readSource(folder, options, readerOf(options));
}

function readerOf(options: LabelledTextsOptions) {
  switch (options.kind) {
    case "tsv":
      return tsvReader(options);
  }
}
