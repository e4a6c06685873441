import { excerpt } from "./excerpt.ts";

/** What a file turned out to be, and what to do about it. */
export interface FileForm {
  readonly found: string;
  readonly fix: string;
}

const unpack = (command: string) => `Unpack it first, for example with \`${command}\`.`;
const write = "Write its rows to a text file in UTF-8 first.";
const recode = (from: string) => `Save it as UTF-8, for example with \`iconv -f ${from} -t utf-8\`.`;

/** Files of other forms, by the bytes that they begin with: none that text may begin with. */
const signatures: readonly (readonly [string, string, string])[] = [
  ["\xff\xfe\0\0", "text in UTF-32", recode("utf-32")],
  ["\0\0\xfe\xff", "text in UTF-32", recode("utf-32")],
  ["\xff\xfe", "text in UTF-16", recode("utf-16")],
  ["\xfe\xff", "text in UTF-16", recode("utf-16")],
  ["\x1f\x8b", "a gzip file", unpack("gunzip -k")],
  ["BZh91AY&SY", "a bzip2 file", unpack("bunzip2 -k")],
  ["\xfd7zXZ\0", "an xz file", unpack("unxz -k")],
  ["\x28\xb5\x2f\xfd", "a Zstandard file", unpack("unzstd")],
  ["\x04\x22\x4d\x18", "an LZ4 file", unpack("unlz4")],
  ["7z\xbc\xaf\x27\x1c", "a 7-Zip archive", unpack("7z x")],
  [
    "PK\x03\x04",
    "a zip archive, or a workbook (.xlsx), which is one",
    `Unpack it, or save the sheet as text.`,
  ],
  ["\xd0\xcf\x11\xe0", "an Office file (.xls)", "Save the sheet as text in UTF-8."],
  ["PAR1\x15", "a Parquet file", write],
  ["ARROW1\0\0", "an Arrow file", write],
  ["\xff\xff\xff\xff", "an Arrow stream", write],
  ["FEA1\0", "a Feather file", write],
  ["Obj\x01", "an Avro file", write],
  ["\x89HDF", "an HDF5 file", write],
  ["\x93NUMPY", "a NumPy array", write],
  ["SQLite format 3\0", "an SQLite database", write],
  ["\x80\x02", "a pickle of Python", write],
  ["\x80\x03", "a pickle of Python", write],
  ["\x80\x04", "a pickle of Python", write],
  ["\x80\x05", "a pickle of Python", write],
  ["%PDF-", "a PDF document", write],
  ["version https://git-lfs.github.com/", "a pointer of Git LFS, not the file itself", "Run `git lfs pull`."],
];

/**
 * Recognises a file that isn't text in UTF-8 with line feeds by its first bytes: one that is packed or
 * binary, in UTF-16 or UTF-32, or whose lines end with carriage returns alone.
 *
 * @param start the first mebibyte of the file, or all of it
 * @returns undefined where it may be such text
 */
export function otherForm(start: Uint8Array): FileForm | undefined {
  for (const [signature, found, fix] of signatures) {
    if ([...signature].every((character, at) => start[at] === character.charCodeAt(0))) return { found, fix };
  }
  return wideText(start) ?? carriageReturns(start);
}

/** Recognises UTF-16 without a byte order mark: in most languages it has a zero beside many of the bytes. */
function wideText(start: Uint8Array): FileForm | undefined {
  const looked = start.subarray(0, 1024);
  const zeros = [0, 0]; // at even places, at odd ones
  looked.forEach((byte, at) => byte === 0 && zeros[at % 2]++);
  const many = looked.length / 8;
  if (looked.length < 4 || Math.max(...zeros) < many || Math.min(...zeros) > many / 8) return undefined;
  return {
    found: "text in UTF-16 without a byte order mark",
    fix: recode(zeros[0] > zeros[1] ? "utf-16be" : "utf-16le"),
  };
}

function carriageReturns(start: Uint8Array): FileForm | undefined {
  if (start.includes(0x0a) || !start.includes(0x0d)) return undefined;
  return {
    found: "lines that end with carriage returns (\\r) alone",
    fix: "Put line feeds (\\n) there, for example with `tr '\\r' '\\n'`.",
  };
}

/** The characters of Windows-1252 from 0x80 to 0x9f; at five places there is none. */
const windowsCharacters = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";

/**
 * Says what a byte that isn't UTF-8 may be, and what to do about it.
 *
 * @param before the text before it, as far as it was decoded
 * @param isLast whether the text ends within the character that this byte may begin
 */
export function wrongByte(byte: number, before: string, isLast: boolean): FileForm {
  const name = `the byte 0x${byte.toString(16).padStart(2, "0")}`;
  const isMixed = /[^\0-\x7f]/.test(before);
  if (isLast && isMixed) {
    return {
      found: `${name}, the beginning of a character that the file breaks off in`,
      fix: "Copy the file again, as a whole.",
    };
  }
  const character = byte < 0xa0 ? windowsCharacters[byte - 0x80] : String.fromCharCode(byte);
  // Latin-1 differs from Windows-1252 only where it has control characters, which no text holds.
  const isWindows = character !== "\0";
  const found = isWindows ? `${name} (${excerpt(character)} in Windows-1252)` : name;
  if (isMixed) {
    return {
      found: `${found} after other text in UTF-8`,
      fix: "Correct this character, and others like it.",
    };
  }
  return {
    found,
    fix: isWindows
      ? "Save the file as UTF-8, for example with `iconv -f cp1252 -t utf-8` if it is in a Western language."
      : "Save the file as UTF-8, for example with `iconv -f ENCODING -t utf-8`.",
  };
}
