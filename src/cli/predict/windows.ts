/**
 * Gathers rows into windows, within which texts are sorted by their length. What is held in memory is one
 * window of tokens, however many rows there are.
 */

import { type Reader, type ReadyText, readyText } from "../../inference/ready_text.ts";
import type { TextFields } from "../../inference/text_row.ts";
import type { InputRecord } from "./input.ts";

/** The number of rows of a window. Fewer are in the last, and before a row that can't be read. */
export const windowRows = 1024;

/** A row that is ready to be predicted. One without an id is named by its number. */
export interface ReadyRow extends ReadyText {
  readonly id: string | number;
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
      rows.push({ id: number, ...readyText(record.value, fields, reader, record.at) });
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
