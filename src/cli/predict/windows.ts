/**
 * Gathers rows into windows, within which texts are sorted by their length. What is held in memory is one
 * window of tokens, however many rows there are.
 */

import type { Classifier } from "../../inference/classifier.ts";
import { checkTokens, isTokenised, type TextFields, textRow } from "../../inference/text_row.ts";
import type { Sequence } from "../../nn/sequence.ts";
import type { InputRecord } from "./input.ts";

/** The number of rows of a window. Fewer are in the last, and before a row that can't be read. */
export const windowRows = 1024;

/** A row that is ready to be predicted. */
export interface ReadyRow {
  readonly id: string | number;
  readonly sequence: Sequence;
  readonly cut: boolean;
}

export interface Window {
  /** Its place among the windows, from 0. */
  readonly index: number;
  readonly rows: readonly ReadyRow[];
  /** The size of the input up to its end. */
  readonly bytes: number;
}

/**
 * Gathers and encodes rows. Where one can't be read, the rows before it make a window of their own, so that
 * they aren't lost.
 *
 * @param skipped the number of windows at the beginning that are left out
 * @throws {InputError} after that window
 */
export async function* windowsOf(
  input: AsyncIterable<InputRecord>,
  fields: TextFields,
  reader: Reader,
  skipped = 0,
): AsyncGenerator<Window> {
  let rows: ReadyRow[] = [];
  let [number, bytes] = [0, 0];
  const window = () => ({ index: Math.ceil(number / windowRows) - 1, rows, bytes });
  const problems: unknown[] = [];
  try {
    for await (const record of input) {
      bytes += record.bytes;
      if (++number <= skipped * windowRows) continue;
      rows.push(readyRow(record, fields, number, reader));
      if (rows.length < windowRows) continue;
      yield window();
      rows = [];
    }
  } catch (problem) {
    problems.push(problem);
  }
  if (rows.length > 0) yield window();
  if (problems.length > 0) throw problems[0];
}

/** The part of a classifier that reads texts. */
type Reader = Pick<Classifier, "encode" | "isCut" | "config">;

/** Checks a row and encodes it. One without an id is named by its number. */
function readyRow(
  { value, at }: InputRecord,
  fields: TextFields,
  number: number,
  { encode, isCut, config }: Reader,
): ReadyRow {
  const { id = number, content } = textRow(value, fields, at);
  if (isTokenised(content)) {
    checkTokens(content, config, at);
    return { id, sequence: content, cut: false };
  }
  const sequence = encode(content);
  return { id, sequence, cut: isCut(content, sequence) };
}
