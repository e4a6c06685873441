const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
};

/** HTML gives the numbers of control characters the characters that Windows-1252 has there. */
const windows = new TextDecoder("windows-1252");

/**
 * Resolves the entities of HTML that labelled texts have: the common names, and numbers, also where a number
 * has lost its ampersand to a space, as in AG News.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { unescapeHtml } from "./unescape_html.ts";
 *
 * assert.equal(unescapeHtml("&lt;b&gt; AT&amp;T&#39;s, it #39;s"), "<b> AT&T's, it's");
 * ```
 */
export function unescapeHtml(text: string): string {
  return text.replaceAll(
    /&(amp|lt|gt|quot|apos|nbsp);|[& ]#(\d{2,6});/g,
    (entity, name: string | undefined, code: string | undefined) =>
      name !== undefined ? named[name] : characterOf(Number(code)) ?? entity,
  );
}

function characterOf(code: number): string | undefined {
  if (code >= 0x80 && code < 0xa0) return windows.decode(Uint8Array.of(code));
  return code < 0x20 || code > 0x10ffff ? undefined : String.fromCodePoint(code);
}
