import assert from "node:assert/strict";
import { otherForm, wrongByte } from "../src/file_form.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

const wide = (text: string, bigEndian = false) =>
  bytesOf(text.split("").map((character) => bigEndian ? `\0${character}` : `${character}\0`).join(""));

const forms: readonly (readonly [string, Uint8Array, RegExp, RegExp])[] = [
  ["UTF-16, little-endian", bytesOf("\xff\xfea\0"), /^text in UTF-16$/, /iconv -f utf-16 -t utf-8/],
  ["UTF-16, big-endian", bytesOf("\xfe\xff\0a"), /^text in UTF-16$/, /iconv -f utf-16 -t utf-8/],
  ["UTF-16 without a mark", wide("text\tlabel\n"), /UTF-16 without a byte/, /iconv -f utf-16le -t utf-8/],
  [
    "the same, big-endian",
    wide("text\tlabel\n", true),
    /UTF-16 without a byte/,
    /iconv -f utf-16be -t utf-8/,
  ],
  ["UTF-32", bytesOf("\xff\xfe\0\0a\0\0\0"), /^text in UTF-32$/, /iconv -f utf-32/],
  ["gzip", bytesOf("\x1f\x8b\x08"), /^a gzip file$/, /gunzip -k/],
  ["bzip2", bytesOf("BZh91AY&SY"), /^a bzip2 file$/, /bunzip2 -k/],
  ["xz", bytesOf("\xfd7zXZ\0"), /^an xz file$/, /unxz -k/],
  ["Zstandard", bytesOf("\x28\xb5\x2f\xfd"), /^a Zstandard file$/, /unzstd/],
  ["Excel", bytesOf("PK\x03\x04"), /\.xlsx/, /save the sheet as text/],
  ["Parquet", bytesOf("PAR1\x15\x04"), /^a Parquet file$/, /text file in UTF-8/],
  ["Arrow", bytesOf("ARROW1\0\0"), /^an Arrow file$/, /text file in UTF-8/],
  ["Git LFS", bytesOf("version https://git-lfs.github.com/spec/v1\n"), /pointer of Git LFS/, /git lfs pull/],
  ["CR alone", bytesOf("text\tlabel\rfine\tgood"), /carriage returns \(\\r\) alone$/, /tr '\\r' '\\n'/],
];

for (const [name, bytes, found, fix] of forms) {
  Deno.test(`${name} is recognised, and the advice fits`, () => {
    const form = otherForm(bytes);
    assert.match(form?.found ?? "", found);
    assert.match(form?.fix ?? "", fix);
  });
}

Deno.test("text is of no other form, whatever it begins with", () => {
  const texts = [
    "",
    "PAR1\tlabel\n",
    "BZh\tlabel\n",
    "PK\n",
    "\xef\xbb\xbftext\r\n",
    "a\rb\n",
    "nul \0 here\n",
  ];
  for (const text of [...texts, "日本語\tlabel\n"]) {
    const bytes = /[^\0-\xff]/.test(text) ? new TextEncoder().encode(text) : bytesOf(text);
    assert.equal(otherForm(bytes), undefined, JSON.stringify(text));
  }
});

Deno.test("a byte is told as Windows-1252 has it, never as Latin-1; stray ones among UTF-8 are told as such", () => {
  assert.deepEqual(wrongByte(0x93, "plain", false), {
    found: 'the byte 0x93 ("“" in Windows-1252)',
    fix:
      "Save the file as UTF-8, for example with `iconv -f cp1252 -t utf-8` if it is in a Western language.",
  });
  assert.deepEqual(wrongByte(0x81, "plain", false), {
    found: "the byte 0x81",
    fix: "Save the file as UTF-8, for example with `iconv -f ENCODING -t utf-8`.",
  });
  assert.deepEqual(wrongByte(0xe9, "naïve", false), {
    found: 'the byte 0xe9 ("é" in Windows-1252) after other text in UTF-8',
    fix: "Correct this character, and others like it.",
  });
  assert.equal(wrongByte(0xa0, "plain", false).found, String.raw`the byte 0xa0 ("\u00a0" in Windows-1252)`);
  // A file in Windows-1252 may end in such a letter.
  assert.match(wrongByte(0xe9, "plain", true).fix, /cp1252/);
});
