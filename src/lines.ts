import { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { InputError } from "./errors.ts";

/**
 * Reads the lines of a UTF-8 text file, without a byte order mark and without line ends (`\n` or `\r\n`).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readLines } from "./lines.ts";
 *
 * const file = Deno.makeTempFileSync();
 * Deno.writeTextFileSync(file, "\ufefffirst\r\nsecond\n");
 * assert.deepEqual(await readLines(file), ["first", "second"]);
 * Deno.removeSync(file);
 * ```
 *
 * @throws {InputError} where the file is missing or isn't UTF-8, with line and column of the first wrong byte
 */
export async function readLines(file: string): Promise<string[]> {
  const bytes = await readFile(file).catch((cause) => {
    throw unreadable(cause, file);
  });
  return splitLines(decode(bytes, file, 1));
}

/**
 * The longest line, in bytes, that may be read in batches. A longer one means a file without lines, which
 * would have to be held in memory as a whole.
 */
const longestLine = 2 ** 24;

/**
 * Reads the same lines in batches of about a mebibyte, so that a file of any size can be read.
 *
 * @param source the file's bytes, where they don't come from the file system
 * @throws {InputError} as `readLines` does, and at a line of more than 16 MiB
 */
export async function* lineBatches(
  file: string,
  source: AsyncIterable<Uint8Array> = chunksOf(file),
): AsyncGenerator<readonly string[]> {
  let rest: Uint8Array = new Uint8Array();
  let line = 1;
  for await (const chunk of source) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(0x0a) + 1;
    rest = bytes.subarray(end);
    if (rest.length > longestLine) {
      const found = "a line of more than 16 MiB";
      const at = { file, line: line + splitLines(decode(bytes.subarray(0, end), file, line)).length };
      throw new InputError({
        at,
        found,
        expected: "shorter ones",
        fix: "Put each row on a line of its own.",
      });
    }
    if (end === 0) continue;
    const lines = splitLines(decode(bytes.subarray(0, end), file, line));
    line += lines.length;
    yield lines;
  }
  if (rest.length > 0) yield splitLines(decode(rest, file, line));
}

async function* chunksOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: 2 ** 20 });
  } catch (cause) {
    throw unreadable(cause, file);
  }
}

/** Says what is wrong with a file, by the system's code for it. */
const unreadableFiles: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file",
  EISDIR: "a folder",
  EACCES: "a file that may not be read",
};

/** Returns the error to throw where a file can't be read. */
function unreadable(cause: unknown, file: string): unknown {
  const found = cause instanceof Error && "code" in cause && unreadableFiles[String(cause.code)];
  if (!found) return cause;
  return new InputError(
    { at: { file }, found, expected: "a text file", fix: "Put the file there, or correct its name." },
    { cause },
  );
}

function splitLines(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => line.endsWith("\r") ? line.slice(0, -1) : line);
}

/**
 * Decodes bytes as UTF-8.
 *
 * @param firstLine the number of the line that the bytes begin with. Only the first line of a file may have a
 *   byte order mark.
 */
function decode(bytes: Uint8Array, file: string, firstLine: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: firstLine > 1 }).decode(bytes);
  } catch (cause) {
    const { line, column, byte } = firstWrongByte(bytes);
    throw new InputError({
      at: { file, line: firstLine + line - 1, column },
      found: `the byte 0x${byte.toString(16).padStart(2, "0")}`,
      expected: "text in UTF-8",
      fix: "Save the file as UTF-8, for example with `iconv -f latin1 -t utf-8`.",
    }, { cause });
  }
}

/** Finds the first byte that isn't UTF-8. Its line, and its column in characters, are counted from 1. */
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

/** Returns how much of the bytes is UTF-8, up to the first byte that isn't. */
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
