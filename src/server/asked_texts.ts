import { InputError, type Location, withoutAdvice } from "../errors.ts";
import { textRow } from "../inference/text_row.ts";
import type { Sequence } from "../nn/sequence.ts";
import type { Text } from "../nn/text.ts";
import { HttpError } from "./http_error.ts";
import type { Limits } from "./limits.ts";

/** A text that is to be classified. */
export interface AskedText {
  /** The client's name for it, or else its number among the texts of its request, from 1. */
  readonly id: string | number;
  readonly content: Text | Sequence;
}

/** What a request asks. */
export interface Asked {
  readonly texts: readonly AskedText[];
  /** Whether it came as a list, so that the answer is one too. */
  readonly isList: boolean;
}

/**
 * Reads what a request asks: one text or a list of texts, each a string or an object as `deno task predict`
 * reads them.
 *
 * @param check throws InputError where the classifier can't read a text
 * @throws {HttpError} where it asks something else, or more than the limits allow
 */
export function askedTexts(
  body: unknown,
  limits: Pick<Limits, "texts" | "textLength">,
  check: (content: Text | Sequence, at: Location) => void,
): Asked {
  const isList = Array.isArray(body);
  const rows: readonly unknown[] = isList ? body : [body];
  if (rows.length === 0) throw new HttpError(422, "found an empty list, expected at least one text");
  if (rows.length > limits.texts) {
    throw new HttpError(413, `found ${rows.length} texts, expected at most ${limits.texts} in one request`);
  }
  const texts = rows.map((row, index) => {
    const at = { file: isList ? `text ${index + 1}` : "text" };
    const { id = index + 1, content } = refusing(() => {
      const read = textRow(typeof row === "string" ? { text: row } : row, {}, at);
      check(read.content, at);
      return read;
    });
    if ("text" in content) checkLength(content, limits.textLength, at.file);
    return { id, content };
  });
  return { texts, isList };
}

function checkLength({ text, pair = "" }: Text, most: number, where: string): void {
  const length = Math.max(text.length, pair.length);
  if (length <= most) return;
  throw new HttpError(413, `${where}: found ${length} characters, expected at most ${most}`);
}

/** Refuses what can't be read, without advice for users of the command line. */
function refusing<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof InputError ? new HttpError(422, withoutAdvice(cause).message) : cause;
  }
}
