/**
 * Gathers rows into windows, within which texts are sorted by their length. What is held in memory is one
 * window of tokens, however many rows there are.
 */

import type { Classifier } from "../../inference/classifier.ts";
import { checkTokens, isTokenised } from "../../inference/text_row.ts";
import type { Sequence } from "../../nn/sequence.ts";
import type { PlacedRow } from "./input.ts";

/** The number of rows of a window. Fewer are in the last, and before a row that can't be read. */
export const windowRows = 1024;

/** A row that is ready to be predicted. */
export interface ReadyRow {
  readonly id: string | number;
  readonly sequence: Sequence;
  readonly cut: boolean;
}

export interface Window {
  readonly rows: readonly ReadyRow[];
  /** The size of the input up to its end. */
  readonly bytes: number;
}

/**
 * Gathers and encodes rows. Where one can't be read, the rows before it make a window of their own, so that
 * they aren't lost.
 *
 * @throws {InputError} after that window
 */
export async function* windowsOf(
  input: AsyncIterable<PlacedRow>,
  classifier: Pick<Classifier, "encode" | "isCut" | "config">,
): AsyncGenerator<Window> {
  let rows: ReadyRow[] = [];
  let [number, bytes] = [0, 0];
  const problems: unknown[] = [];
  try {
    for await (const row of input) {
      const { id = ++number } = row;
      rows.push({ id, ...ready(row, classifier) });
      bytes += row.bytes;
      if (rows.length < windowRows) continue;
      yield { rows, bytes };
      rows = [];
    }
  } catch (problem) {
    problems.push(problem);
  }
  if (rows.length > 0) yield { rows, bytes };
  if (problems.length > 0) throw problems[0];
}

function ready({ content, at }: PlacedRow, { encode, isCut, config }: Pick<Classifier, "encode" | "isCut" | "config">) {
  if (isTokenised(content)) {
    checkTokens(content, config, at);
    return { sequence: content, cut: false };
  }
  const sequence = encode(content);
  return { sequence, cut: isCut(content, sequence) };
}
