import { readFile } from "node:fs/promises";
import { InputError } from "./errors.ts";

/**
 * The lines of a UTF-8 text file, without a byte order mark and without line ends (`\n` or `\r\n`).
 *
 * @throws {InputError} where the file is missing or isn't UTF-8, with line and column of the first wrong byte.
 */
export async function readLines(file: string): Promise<string[]> {
  const bytes = await readBytes(file);
  const lines = decode(bytes, file).split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => line.endsWith("\r") ? line.slice(0, -1) : line);
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    if (
      !(cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "EISDIR"))
    ) {
      throw cause;
    }
    const found = cause.code === "ENOENT" ? "no such file" : "a folder";
    throw new InputError(
      { at: { file }, found, expected: "a text file", fix: "Put the file there, or correct its name." },
      { cause },
    );
  }
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const { line, column, byte } = firstWrongByte(bytes);
    throw new InputError({
      at: { file, line, column },
      found: `the byte 0x${byte.toString(16).padStart(2, "0")}`,
      expected: "text in UTF-8",
      fix: "Save the file as UTF-8, for example with `iconv -f latin1 -t utf-8`.",
    }, { cause });
  }
}

/** The first byte that isn't UTF-8: its line, and its column in characters, both from 1. */
function firstWrongByte(bytes: Uint8Array): { line: number; column: number; byte: number } {
  let start = 0;
  for (let line = 1;; line++) {
    const end = bytes.indexOf(0x0a, start);
    const row = bytes.subarray(start, end < 0 ? bytes.length : end);
    const valid = validPrefix(row);
    if (valid.bytes < row.length) return { line, column: valid.characters + 1, byte: row[valid.bytes] };
    start = end + 1;
  }
}

/** How much of the bytes is UTF-8, before the first that isn't. */
function validPrefix(bytes: Uint8Array): { bytes: number; characters: number } {
  const encoder = new TextEncoder();
  const prefix = { bytes: 0, characters: 0 };
  // Decoding leniently puts a replacement character for a wrong byte, which doesn't encode to that byte again.
  for (const character of new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)) {
    const encoded = encoder.encode(character);
    if (encoded.some((byte, index) => byte !== bytes[prefix.bytes + index])) break;
    prefix.bytes += encoded.length;
    if (character !== "\ufeff") prefix.characters++;
  }
  return prefix;
}
