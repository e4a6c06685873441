/** Reads the texts to predict from a file, or from standard input, row by row. */

import { Buffer } from "node:buffer";
import { InputError, type Location } from "../../errors.ts";
import { lineBatches } from "../../lines.ts";
import type { TextFields } from "../../inference/text_row.ts";

/** The forms that an input may have. */
export const inputForms = ["jsonl", "csv", "tsv", "lines"] as const;
export type InputForm = typeof inputForms[number];

export interface Input {
  /** The path, or - for standard input. */
  readonly path: string;
  /** Unless given, the path's ending tells. */
  readonly form: InputForm | undefined;
  readonly fields: TextFields;
}

/** A row before anything of it is checked, with its place. */
export interface InputRecord {
  readonly value: unknown;
  readonly at: Location;
  /** The size of its line in bytes. */
  readonly bytes: number;
}

/**
 * Reads rows one by one.
 *
 * @throws {InputError} at the first line that isn't of the input's form
 */
export async function* inputRecords({ path, form = formOf(path) }: Input): AsyncGenerator<InputRecord> {
  const [file, source] = path === "-" ? ["standard input", Deno.stdin.readable] : [path, undefined];
  let line = 0;
  for await (const batch of lineBatches(file, source)) {
    for (const text of batch) {
      const at = { file, line: ++line };
      const value = form === "lines" ? { text } : jsonOf(text, at);
      yield { value, at, bytes: Buffer.byteLength(text) + 1 };
    }
  }
}

function formOf(path: string): InputForm {
  const [, ending = ""] = path.match(/\.(\w+)$/) ?? [];
  if (["jsonl", "ndjson", "json"].includes(ending)) return "jsonl";
  return ending === "csv" || ending === "tsv" ? ending : "lines";
}

function jsonOf(text: string, at: Location): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError({
      at: { ...at, source: text },
      found: text.trim() === "" ? "an empty line" : "a line that isn't JSON",
      expected: 'one object a line, such as {"text": "…"}',
      fix: "--input-format says what the input is, if it isn't JSON Lines.",
    }, { cause });
  }
}
