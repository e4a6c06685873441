/**
 * Breaks a text between words, so that no line has more columns than there are, unless a word has.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { wrap } from "./wrap.ts";
 *
 * assert.deepEqual(wrap("a text of several words", 10), ["a text of", "several", "words"]);
 * ```
 */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Returns how many columns standard output has; undefined where it isn't a terminal. */
export function columnsOfOutput(): number | undefined {
  return Deno.stdout.isTerminal() ? Deno.consoleSize().columns || 80 : undefined; // some terminals say 0
}
