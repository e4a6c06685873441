/** The most characters of a person's data that one message shows. */
const longestExcerpt = 200;

/**
 * Quotes a piece of a person's data for a message. Characters that can't be seen, or that would act on a
 * terminal, are escaped; what is longer than `longest` characters is cut.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { excerpt } from "./excerpt.ts";
 *
 * assert.equal(excerpt("good\r"), '"good\\r"');
 * assert.equal(excerpt("a long text", 7), '"a long…"');
 * ```
 */
export function excerpt(text: string, longest: number = longestExcerpt): string {
  // A text may be megabytes long, so no more of it is escaped than can be shown.
  const characters = [...text.slice(0, 2 * longest)].map(escaped);
  const whole = characters.join("");
  if (whole.length <= longest && text.length <= 2 * longest) return `"${whole}"`;
  let shown = "";
  for (const character of characters) {
    if (shown.length + character.length >= longest) break;
    shown += character;
  }
  return `"${shown}…"`;
}

/**
 * Lists pieces of a person's data for a message, as many as fit in 200 characters, and says how many more
 * there are.
 *
 * @param longest how many characters all pieces may take together
 */
export function excerpts(texts: readonly string[], longest: number = longestExcerpt): string {
  const shown: string[] = [];
  let room = longest;
  for (const text of texts) {
    const next = excerpt(text, Math.ceil(longest / 4));
    room -= next.length - 2; // less the quotation marks
    if (room < 0) break;
    shown.push(next);
  }
  const others = texts.length - shown.length;
  return others === 0 ? shown.join(", ") : `${shown.join(", ")} and ${others} more`;
}

/**
 * Returns a text as a message may show it: characters that would act on a terminal are escaped, line ends
 * apart, and what is longer than `longest` characters is cut.
 */
export function printable(text: string, longest: number): string {
  const start = text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
  return start.replaceAll(
    terminalCharacters,
    (character) => character === "\n" ? character : codeOf(character),
  );
}

/** Control characters, and those that break lines or turn the direction of writing. */
const terminalCharacters = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/**
 * Returns the part of a line around a column, as it may stand above a mark: each character takes one place.
 *
 * @param column the column in the line, counted from 1
 * @returns the part, and the column within it
 */
export function aroundColumn(
  line: string,
  column: number,
): { readonly text: string; readonly column: number } {
  const start = Math.max(0, column - 1 - longestExcerpt / 2);
  const shown = line.slice(start, start + longestExcerpt).replaceAll(terminalCharacters, " ");
  const before = start > 0 ? "…" : "";
  const after = start + longestExcerpt < line.length ? "…" : "";
  return { text: `${before}${shown}${after}`, column: column - start + before.length };
}

/** Escapes a character that JSON escapes, or that is a control or format character or an unusual space. */
function escaped(character: string): string {
  const known = JSON.stringify(character).slice(1, -1);
  if (known !== character || character === " " || !/[\p{C}\p{Z}]/u.test(character)) return known;
  return codeOf(character);
}

function codeOf(character: string): string {
  return character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
}
