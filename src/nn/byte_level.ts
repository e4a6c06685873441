/**
 * Prepares text for byte-level BPE as GPT-2 and RoBERTa do: it is split into words, whose bytes become
 * symbols.
 */

const bytes = Array.from({ length: 256 }, (_, byte) => byte);
const printable = (byte: number) =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
const others = bytes.filter((byte) => !printable(byte));

/** The symbol of each byte: the Latin-1 character where that can be seen, else one from U+0100 on. */
export const byteSymbols: readonly string[] = bytes.map((byte) =>
  String.fromCharCode(printable(byte) ? byte : 0x100 + others.indexOf(byte))
);

const words =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;
const encoder = new TextEncoder();

/**
 * Splits a text into words, each with the space before it, and writes each as the symbols of its UTF-8 bytes.
 */
export function byteLevelWords(text: string, addPrefixSpace: boolean): string[] {
  const spaced = addPrefixSpace && !text.startsWith(" ") ? ` ${text}` : text;
  return Array.from(spaced.matchAll(words), ([word]) => {
    let symbols = "";
    for (const byte of encoder.encode(word)) symbols += byteSymbols[byte];
    return symbols;
  });
}
