import { readFile } from "node:fs/promises";
import { z } from "zod";
import { InputError, type Location } from "../errors.ts";
import { isPointer, pointerFound } from "./lfs_pointer.ts";

/** What a message says was expected of a file, and what to do where it is something else. */
export interface Described {
  readonly expected: string;
  readonly fix: string;
}

/** Reads a JSON file that a schema describes. Throws InputError where it is missing or is something else. */
export async function readJson<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  described: Described,
): Promise<z.output<Schema>> {
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new InputError({ at: { file }, found: "no readable file", ...described }, { cause });
  });
  if (isPointer(text)) throw pointerFound(file, described.expected);
  return conforming(file, parseJson(file, text, described.fix), schema, described);
}

/** Returns what a schema makes of a file's JSON. Throws InputError where it doesn't describe it. */
export function conforming<Schema extends z.ZodType>(
  file: string,
  json: unknown,
  schema: Schema,
  described: Described,
): z.output<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const found = z.prettifyError(parsed.error).replaceAll("\n", " ");
  throw new InputError({ at: { file }, found, ...described });
}

/**
 * Parses the text of a file as JSON. Where it is none, throws an InputError that shows the first wrong place
 * and says what to do.
 */
export function parseJson(file: string, text: string, fix: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError({
      at: { file, ...firstMistake(text) },
      found: text.trim() === "" ? "an empty file" : "text that is not JSON",
      expected: "a JSON object",
      fix,
    }, { cause });
  }
}

/**
 * Returns where a text stops being the start of JSON: at its first character that can't stand there, or at
 * its end.
 */
function firstMistake(text: string): Omit<Location, "file"> {
  let [right, wrong] = [0, text.length + 1]; // lengths of starts that JSON can have, and can't
  while (wrong - right > 1) {
    const middle = Math.floor((right + wrong) / 2);
    if (canGoOn(text.slice(0, middle))) right = middle;
    else wrong = middle;
  }
  const lines = text.slice(0, right).split("\n");
  return { line: lines.length, column: lines.at(-1)!.length + 1, source: text.split("\n")[lines.length - 1] };
}

/**
 * Tells whether JSON can begin with `start`. The parser doesn't name the place of every mistake, but it
 * always says when more text should have followed.
 */
function canGoOn(start: string): boolean {
  try {
    JSON.parse(start);
    return true;
  } catch (error) {
    const { message } = error as SyntaxError;
    const position = message.match(/at position (\d+)/)?.[1];
    return position === undefined ? message.includes("end of JSON input") : Number(position) >= start.length;
  }
}
