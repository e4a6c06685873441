/** Lines at the bottom of a terminal that are redrawn in place while other lines scroll by above them. */

import { stripVTControlCharacters } from "node:util";
import { outputColumns } from "./width.ts";
import { writeAll } from "../../write_all.ts";

export interface LiveLines {
  /** Prints a line that stays. It replaces the live lines, which have to be drawn again below it. */
  print(line: string): void;
  /** Replaces the live lines by these. */
  draw(lines: readonly string[]): void;
}

/**
 * Returns live lines on standard output. If that isn't a terminal, only the lines that stay are printed. Once
 * a terminal is gone, such as a window that was closed, nothing is.
 */
export function liveLines(): LiveLines {
  const isTerminal = Deno.stdout.isTerminal();
  let isGone = false;
  let drawn: readonly string[] = [];
  const clear = () => drawn.length > 0 ? `\x1b[${drawn.length}A\x1b[J` : "";
  const unlessGone = (work: () => void) => {
    if (isGone) return;
    try {
      work();
    } catch (error) {
      isGone = isTerminal && error instanceof Error && "code" in error && error.code === "EIO";
      if (!isGone) throw error;
    }
  };
  const draw = (lines: readonly string[]) => {
    if (!isTerminal) return;
    const columns = outputColumns(); // a terminal that is gone has no width, and writing to it shows that it is
    const fitting = lines.map((line) => cut(line, columns - 1));
    writeAll(Deno.stdout, clear() + fitting.map((line) => `${line}\n`).join(""));
    drawn = fitting;
  };
  return {
    draw: (lines) => unlessGone(() => draw(lines)),
    print: (line) =>
      unlessGone(() => {
        writeAll(Deno.stdout, `${clear()}${line}\n`);
        drawn = [];
      }),
  };
}

/**
 * Cuts a line that would wrap, since two rows for one line break the count of rows. A cut line loses its
 * colours.
 */
function cut(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= columns ? line : `${plain.slice(0, columns - 1)}…`;
}
