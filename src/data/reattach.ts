/**
 * Re-attaches what splitting into words had detached, as in MRPC: closing punctuation and clitics to the word
 * before, opening brackets and currency signs to the word after (method §4). Quotation marks stay, because a
 * straight one doesn't show which side it belongs to.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { reattach } from "./reattach.ts";
 *
 * assert.equal(reattach("He didn 't say ( yet ) , it 's $ 5 ."), "He didn't say (yet), it's $5.");
 * ```
 */
export function reattach(text: string): string {
  return text
    .replace(/ +([,.;:?!%)\]}…]+)(?= |$)/g, "$1")
    .replace(/(^| )([([{$£€]) +/g, "$1$2")
    .replace(/ +(['’](?:s|t|re|m|ve|ll|d)|n['’]t)(?![\p{L}\p{N}])/giu, "$1");
}
