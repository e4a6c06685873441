/** Finds out what an interrupted run has left, so that another goes on from there. */

import { createReadStream, existsSync } from "node:fs";
import { InputError } from "../../errors.ts";
import type { OutputForm } from "./output.ts";
import { windowRows } from "./windows.ts";

/**
 * What is taken over of an output: its whole windows. Rows behind them are written again, since a text's last
 * digits may depend on the batch that it was in.
 */
export interface Written {
  readonly windows: number;
  /** The size of these windows in bytes. */
  readonly length: number;
  /** The last of them as it is written, by which it shows whether the same run goes on. */
  readonly last: string;
}

export const nothingWritten: Written = { windows: 0, length: 0, last: "" };

const [lineFeed, quotationMark] = ["\n", '"'].map((character) => character.charCodeAt(0));

/** Reads what an output holds; nothing where there is no such file. */
export async function writtenIn(path: string, form: OutputForm): Promise<Written> {
  if (!existsSync(path)) return nothingWritten;
  let [offset, isQuoted] = [0, false];
  let rows = form === "csv" ? -1 : 0; // the header is no row
  const ends = [0]; // the offsets at which windows end
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Uint8Array>) {
    for (let at = 0; at < chunk.length; at++) {
      if (form === "csv" && chunk[at] === quotationMark) isQuoted = !isQuoted;
      if (chunk[at] !== lineFeed || isQuoted) continue;
      if (++rows > 0 && rows % windowRows === 0) ends.push(offset + at + 1);
    }
    offset += chunk.length;
  }
  const windows = ends.length - 1;
  if (windows === 0) return nothingWritten;
  const [start, length] = ends.slice(-2);
  return { windows, length, last: await textBetween(path, start, length) };
}

/**
 * Checks that what was written last is what this run would have written.
 *
 * @throws {InputError} where it isn't
 */
export function checkSameRun(path: string, { last }: Written, again: string): void {
  if (last === again) return;
  throw new InputError({
    at: { file: path },
    found: "answers that this model, these options and this input don't give",
    expected: "the beginning of the same answers, to go on from",
    fix: "Leave --resume out to start anew, or name another output.",
  });
}

async function textBetween(path: string, start: number, end: number): Promise<string> {
  const chunks = await Array.fromAsync(createReadStream(path, { start, end: end - 1 }));
  return new TextDecoder().decode(await new Blob(chunks).arrayBuffer());
}
