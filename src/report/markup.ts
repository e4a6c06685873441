/** HTML or SVG that is safe to put into a page. Only `markup` makes it, so that text can't pass for it. */
export interface Markup {
  readonly source: string;
}

/** A value in a template: text and numbers are escaped, markup is not. */
export type MarkupPart = string | number | Markup | readonly Markup[];

/**
 * Builds HTML or SVG from a template. Every text put into it is escaped, in content and quoted attributes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { markup } from "./markup.ts";
 *
 * const { source } = markup`<p>${"a < b"}</p>`;
 * assert.equal(source, "<p>a &lt; b</p>");
 * ```
 */
export function markup(template: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup {
  return { source: String.raw({ raw: template }, ...parts.map(render)) };
}

function render(part: MarkupPart): string {
  if (typeof part === "string" || typeof part === "number") return escapeText(String(part));
  return "source" in part ? part.source : part.map(({ source }) => source).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}
