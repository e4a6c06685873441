import { z } from "zod";
import {
  type LabelledTextsOptions,
  labelledTextsSchemas,
  readLabelledTexts,
} from "../../../src/data/sources/kinds.ts";
import { messageFor, withFiles } from "../files.ts";
import { held, type HeldSource } from "../held.ts";

/** A source as a pipeline file describes it. */
export type Described = Unchanged<z.input<typeof labelledTextsSchemas[number]>>;

type Unchanged<Value> = Value extends readonly (infer Element)[] ? readonly Unchanged<Element>[]
  : Value extends object ? { readonly [Key in keyof Value]: Unchanged<Value[Key]> }
  : Value;

type Files = Readonly<Record<string, string | Uint8Array>>;

/** Reads a source from files of these contents. */
export async function readFrom(files: Files, described: Described): Promise<HeldSource> {
  let source: HeldSource | undefined;
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
export function read(folder: string, described: Described): Promise<HeldSource> {
  return readParsed(folder, z.discriminatedUnion("kind", labelledTextsSchemas).parse(described));
}

/** Reads a source from a folder, described as the stage's parameters are once they are parsed. */
export function readParsed(folder: string, options: LabelledTextsOptions): Promise<HeldSource> {
  return held((store) => readLabelledTexts(folder, options, store));
}
