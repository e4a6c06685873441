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

/** Escapes a character that JSON escapes, or that is a control or format character or an unusual space. */
function escaped(character: string): string {
  const known = JSON.stringify(character).slice(1, -1);
  if (known !== character || character === " " || !/[\p{C}\p{Z}]/u.test(character)) return known;
  return character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
}
