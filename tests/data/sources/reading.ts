import { z } from "zod";
import { labelledTextsSchemas, readLabelledTexts } from "../../../src/data/sources/kinds.ts";
import type { Source } from "../../../src/data/source.ts";
import { messageFor, withFiles } from "../files.ts";

/** A source as a pipeline file describes it. */
export type Described = Unchanged<z.input<typeof labelledTextsSchemas[number]>>;

type Unchanged<Value> = Value extends readonly (infer Element)[] ? readonly Unchanged<Element>[]
  : Value extends object ? { readonly [Key in keyof Value]: Unchanged<Value[Key]> }
  : Value;

type Files = Readonly<Record<string, string | Uint8Array>>;

/** Reads a source from files of these contents. */
export async function readFrom(files: Files, described: Described): Promise<Source> {
  let source: Source | undefined;
  await withFiles(files, async (folder) => {
    source = await read(folder, described);
  });
  return source!;
}

/** Returns the message that a person sees for a mistake in one of these files, without the folder's name. */
export function faultIn(files: Files, described: Described): Promise<string> {
  return messageFor(files, (folder) => read(folder, described));
}

/** Reads a source from a folder. */
export function read(folder: string, described: Described): Promise<Source> {
  return readLabelledTexts(folder, z.discriminatedUnion("kind", labelledTextsSchemas).parse(described));
}
