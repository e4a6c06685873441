/** Lines at the bottom of a terminal that are drawn again while what is above them scrolls. */

import { stripVTControlCharacters } from "node:util";

export interface LiveLines {
  /** Prints a line that stays, in place of the live ones: draw them again below it. */
  print(line: string): void;
  /** Draws these lines in place of the live ones. */
  draw(lines: readonly string[]): void;
}

/** On what isn't a terminal nothing is live: only the lines that stay are printed. */
export function liveLines(): LiveLines {
  const isTerminal = Deno.stdout.isTerminal();
  let drawn: readonly string[] = [];
  const clear = () => drawn.length > 0 ? `\x1b[${drawn.length}A\x1b[J` : "";
  const draw = (lines: readonly string[]) => {
    if (!isTerminal) return;
    const { columns } = Deno.consoleSize();
    const fitting = lines.map((line) => cut(line, (columns || 80) - 1)); // some terminals say 0
    write(clear() + fitting.map((line) => `${line}\n`).join(""));
    drawn = fitting;
  };
  return {
    draw,
    print(line) {
      write(`${clear()}${line}\n`);
      drawn = [];
    },
  };
}

/** A line that wraps would take two rows and break the count; one that is too long loses its colours too. */
function cut(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= columns ? line : `${plain.slice(0, columns - 1)}…`;
}

function write(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) written += Deno.stdout.writeSync(bytes.subarray(written));
}
