import { printable } from "../../excerpt.ts";
import { coloured } from "./text.ts";

const escape = "\x1b";
const ownColours = new RegExp(`(${escape}\\[(?:[012]|3[1-4])m)`);

/**
 * Returns a text as it may stand in a line: characters that would act on a terminal or break the line are
 * escaped, apart from the colours of `text.ts`. Names and values in a record may be by anybody who can write
 * to a shared cache.
 */
export function oneLine(text: string): string {
  const parts = text.split(ownColours); // every second one is a colour
  return parts.map((part, index) =>
    coloured && index % 2 === 1 ? part : printable(part, Infinity).replaceAll("\n", "\\u000a")
  ).join("");
}
