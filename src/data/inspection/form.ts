/** Finds out how a file is written that nobody has described. */

import { extname } from "node:path";
import { InputError } from "../../errors.ts";
import { lineBatches } from "../../lines.ts";
import { textBytes } from "../sources/text_file.ts";

/** How a file is written: the kind of source that reads it, and what that kind has to be told. */
export interface Form {
  readonly kind: "csv" | "tsv" | "jsonl" | "json" | "parquet" | "lines";
  /** A name of the Encoding Standard; of Parquet it means nothing. */
  readonly encoding: string;
  /** Whether all characters are ASCII's, which are the same bytes in UTF-8 and Windows-1252. */
  readonly isAscii: boolean;
  /** The character between the fields of CSV. */
  readonly delimiter?: string;
}

/**
 * Guesses a file's form from its name and its beginning, and its encoding from all of it.
 *
 * @throws {InputError} where it can't be read, is empty, or holds no text
 */
export async function formOf(file: string): Promise<Form> {
  const extension = extname(file.replace(/\.gz$/i, "")).toLowerCase();
  if (extension === ".parquet") return { kind: "parquet", encoding: "utf-8", isAscii: true };
  const written = await encodingOf(file);
  const { encoding } = written;
  const lines = await firstLines(file, encoding);
  const [first] = lines;
  if (first === undefined) {
    throw new InputError({ at: { file }, found: "an empty file", expected: "rows of texts with labels" });
  }
  switch (extension) {
    case ".tsv":
      return { kind: "tsv", ...written };
    case ".csv":
      return { kind: "csv", ...written, delimiter: delimiterIn(lines) ?? "," };
    case ".jsonl":
    case ".ndjson":
      return { kind: "jsonl", ...written };
  }
  if (lines.every((line) => isJson(line))) return { kind: lines.length > 1 ? "jsonl" : "json", ...written };
  if (/^\s*[{[]/.test(first)) return { kind: "json", ...written };
  const delimiter = delimiterIn(lines);
  if (delimiter === undefined) return { kind: "lines", ...written };
  return delimiter === "\t" ? { kind: "tsv", ...written } : { kind: "csv", ...written, delimiter };
}

/**
 * Returns the encoding of a text file. One without a byte order mark is in UTF-8 or else is taken for
 * Windows-1252, unless other characters show that it is in UTF-8 but for some mistakes, which its reader tells.
 */
async function encodingOf(file: string): Promise<Pick<Form, "encoding" | "isAscii">> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true }); // so that a byte order mark counts as a character
  let [beyondAscii, wrong] = [0, 0];
  let isFirst = true;
  for await (const chunk of textBytes(file, "utf-8")) {
    if (isFirst && chunk[0] === 0xff && chunk[1] === 0xfe) return { encoding: "utf-16le", isAscii: false };
    if (isFirst && chunk[0] === 0xfe && chunk[1] === 0xff) return { encoding: "utf-16be", isAscii: false };
    isFirst = false;
    const text = decoder.decode(chunk, { stream: true });
    beyondAscii += text.match(/[^\0-\x7f\ufffd]/g)?.length ?? 0;
    wrong += text.match(/\ufffd/g)?.length ?? 0;
  }
  return { encoding: wrong > beyondAscii ? "cp1252" : "utf-8", isAscii: wrong + beyondAscii === 0 };
}

/** So many lines show how a file is written. */
const mostLines = 50;

/** Returns the first lines of a file that aren't blank. */
async function firstLines(file: string, encoding: string): Promise<readonly string[]> {
  for await (const batch of lineBatches(file, textBytes(file, encoding))) {
    const lines = batch.slice(0, mostLines).filter((line) => line.trim() !== "");
    if (lines.length > 0) return lines;
  }
  return [];
}

function isJson(line: string): boolean {
  try {
    return typeof JSON.parse(line) === "object";
  } catch {
    return false;
  }
}

/**
 * Returns the character between fields: of those that stand as often in most lines as in the first, outside of
 * quotation marks, the most frequent one. Undefined where there is none.
 */
function delimiterIn(lines: readonly string[]): string | undefined {
  const plain = lines.map((line) => line.replaceAll(/"[^"]*"/g, ""));
  const found = ["\t", ",", ";", "|"].map((delimiter) => {
    const [first, ...others] = plain.map((line) => line.split(delimiter).length - 1);
    const alike = others.filter((count) => count === first).length;
    return { delimiter, count: alike * 2 >= others.length ? first : 0 };
  });
  const [best] = found.sort((a, b) => b.count - a.count);
  return best.count > 0 ? best.delimiter : undefined;
}
