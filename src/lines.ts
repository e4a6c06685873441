import { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import { InputError } from "./errors.ts";
import { otherForm, wrongByte } from "./file_form.ts";

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
 * @throws {InputError} where the file is missing, a line is longer than 16 MiB, or the file isn't UTF-8: then
 *   it says what the file seems to be, or gives line and column of the first wrong byte
 */
export async function readLines(file: string): Promise<string[]> {
  return (await Array.fromAsync(lineBatches(file))).flat();
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
 * @throws {InputError} as `readLines` does
 */
export async function* lineBatches(
  file: string,
  source?: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly string[]> {
  for await (const { text } of textPieces(file, source)) yield splitLines(text);
}

/** A part of a text file that ends where a line does, or where the file ends. */
export interface TextPiece {
  readonly text: string;
  /** The number of its first line, counted from 1. */
  readonly line: number;
}

/**
 * Reads the same text in pieces of whole lines with their ends.
 *
 * @throws {InputError} as `readLines` does
 */
export async function* textPieces(
  file: string,
  source: AsyncIterable<Uint8Array> = chunksOf(file),
): AsyncGenerator<TextPiece> {
  let rest: Uint8Array = new Uint8Array();
  let line = 1;
  let isFirst = true;
  for await (const chunk of source) {
    if (isFirst) checkForm(chunk, file);
    isFirst = false;
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(0x0a) + 1;
    rest = bytes.subarray(end);
    if (rest.length > longestLine) {
      const found = "a line of more than 16 MiB";
      const at = { file, line: line + countLines(decode(bytes.subarray(0, end), file, line)) };
      throw new InputError({
        at,
        found,
        expected: "shorter ones",
        fix: "Put each row on a line of its own.",
      });
    }
    if (end === 0) continue;
    const text = decode(bytes.subarray(0, end), file, line);
    yield { text, line };
    line += countLines(text);
  }
  if (rest.length > 0) yield { text: decode(rest, file, line), line };
}

/**
 * Reads a text file as a whole, however long its lines are.
 *
 * @throws {InputError} as `readLines` does, but for lines that are long
 */
export async function readText(
  file: string,
  source: AsyncIterable<Uint8Array> = chunksOf(file),
): Promise<string> {
  const bytes = Buffer.concat(await Array.fromAsync(source));
  checkForm(bytes, file);
  return decode(bytes, file, 1);
}

/** Counts the line feeds of a text. */
export function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/**
 * Reads a file's bytes.
 *
 * @throws {InputError} where it is missing or can't be read
 */
export async function* chunksOf(file: string): AsyncGenerator<Uint8Array> {
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
  ELOOP: "a link that leads back to itself",
};

/** Returns the error to throw where a file or folder can't be read, which was to be what is expected. */
export function unreadable(cause: unknown, file: string, expected: string = "a text file"): unknown {
  if (!(cause instanceof Error && "code" in cause)) return cause;
  const found = unreadableFiles[String(cause.code)] ?? `a file that can't be read (${cause.message})`;
  return new InputError(
    { at: { file }, found, expected, fix: "Put the file there, or correct its name." },
    { cause },
  );
}

function splitLines(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => line.endsWith("\r") ? line.slice(0, -1) : line);
}

function checkForm(start: Uint8Array, file: string): void {
  const other = otherForm(start);
  if (!other) return;
  throw new InputError({ at: { file }, found: other.found, expected: "text in UTF-8", fix: other.fix });
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
    const { line, column, byte, before, isLast } = firstWrongByte(bytes);
    const at = { file, line: firstLine + line - 1, column };
    const { found, fix } = wrongByte(byte, before, isLast);
    throw new InputError({ at, found, expected: "text in UTF-8", fix }, { cause });
  }
}

/** The first byte that isn't UTF-8. */
interface WrongByte {
  /** Its line, and its column in characters, both counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly byte: number;
  /** The text before it. */
  readonly before: string;
  /** Whether the bytes end within the character that it may begin. */
  readonly isLast: boolean;
}

/** Finds the first byte that isn't UTF-8. */
function firstWrongByte(bytes: Uint8Array): WrongByte {
  // Decoding leniently puts a replacement character for a wrong byte, which doesn't encode to that byte again.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const encoder = new TextEncoder();
  let [at, read] = [0, 0];
  for (const character of text) {
    const encoded = encoder.encode(character);
    if (encoded.some((byte, index) => byte !== bytes[at + index])) break;
    at += encoded.length;
    read += character.length;
  }
  const before = text.slice(text.startsWith("\ufeff") ? 1 : 0, read);
  const lines = before.split("\n");
  const column = [...lines.at(-1)!].length + 1;
  const isLast = bytes[at] >= 0xc2 && bytes.subarray(at + 1).every((byte) => byte >> 6 === 0b10);
  return { line: lines.length, column, byte: bytes[at], before, isLast };
}
