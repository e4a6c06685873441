import { readFile } from "node:fs/promises";
import { InputError } from "../errors.ts";

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

/** Where bytes that aren't UTF-8 stop being so: line and column in characters, both from 1. */
function firstWrongByte(bytes: Uint8Array): { line: number; column: number; byte: number } {
  const strict = new TextDecoder("utf-8", { fatal: true });
  for (let line = 1, start = 0;; line++) {
    const end = bytes.indexOf(0x0a, start);
    const row = bytes.subarray(start, end < 0 ? undefined : end);
    try {
      strict.decode(row);
    } catch {
      // A replacement character that the text holds itself comes back unchanged; a wrong byte doesn't.
      const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(row);
      for (let offset = 0, column = 1;; column++) {
        const character = new TextEncoder().encode(String.fromCodePoint(text.codePointAt(column - 1) ?? 0));
        if (character.some((byte, index) => byte !== row[offset + index])) {
          return { line, column, byte: row[offset] };
        }
        offset += character.length;
      }
    }
    start = end + 1;
  }
}
