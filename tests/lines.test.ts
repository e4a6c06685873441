import assert from "node:assert/strict";
import { join } from "node:path";
import { lineBatches, readLines } from "../src/lines.ts";
import { messageFor, withFiles } from "./data/files.ts";

Deno.test("a byte order mark, both line ends and a missing last one leave the same lines", async () => {
  const files = { unix: "één\ntwo\n", windows: "\ufefféén\r\ntwo\r\n", unfinished: "één\ntwo" };
  await withFiles(files, async (folder) => {
    for (const name of Object.keys(files)) {
      assert.deepEqual(await readLines(join(folder, name)), ["één", "two"], name);
    }
  });
});

Deno.test("an empty line between others stays, and only line feeds end a line", async () => {
  await withFiles({ text: "one\n\ntwo\u2028still two\n" }, async (folder) => {
    assert.deepEqual(await readLines(join(folder, "text")), ["one", "", "two\u2028still two"]);
  });
});

Deno.test("text that isn't UTF-8 is named by line, column and byte", async () => {
  const latin1 = Uint8Array.from("good\nthe clich\xe9s\n", (character) => character.charCodeAt(0));
  assert.equal(
    await messageFor({ "reviews.tsv": latin1 }, (folder) => readLines(join(folder, "reviews.tsv"))),
    'reviews.tsv:2:10: found the byte 0xe9 ("é" in Windows-1252), expected text in UTF-8\n' +
      "  Save the file as UTF-8, for example with `iconv -f cp1252 -t utf-8` if it is in a Western language.",
  );
});

Deno.test("a wrong byte is found behind characters of several bytes, and where the file breaks off", async () => {
  const text = new TextEncoder().encode("\ufefffirst line\né\ufffd😀 é");
  const message = await messageFor({ text: text.slice(0, -1) }, (folder) => readLines(join(folder, "text")));
  assert.equal(
    message,
    "text:2:5: found the byte 0xc3, the beginning of a character that the file breaks off in, " +
      "expected text in UTF-8\n  Copy the file again, as a whole.",
  );
});

Deno.test("a missing file and a folder are named", async () => {
  assert.equal(
    await messageFor({}, (folder) => readLines(join(folder, "train.tsv"))),
    "train.tsv: found no such file, expected a text file\n  Put the file there, or correct its name.",
  );
  assert.match(
    await messageFor({}, (folder) => readLines(join(folder, "/"))),
    /found a folder, expected a text file/,
  );
  assert.match(
    await messageFor({ "a.txt": "" }, (folder) => readLines(join(folder, "a.txt/train.tsv"))),
    /found no such file, expected a text file/,
  );
});

Deno.test("a file of another form is named before any of its bytes, with what to do", async () => {
  const utf16 = Uint8Array.from(
    "\ufefftext\tlabel\n".split("").flatMap((unit) => {
      const code = unit.charCodeAt(0);
      return [code & 0xff, code >> 8];
    }),
  );
  const message = (bytes: Uint8Array | string) =>
    messageFor({ "a.tsv": bytes }, (folder) => readLines(join(folder, "a.tsv")));
  assert.equal(
    await message(utf16),
    "a.tsv: found text in UTF-16, expected text in UTF-8\n" +
      "  Save it as UTF-8, for example with `iconv -f utf-16 -t utf-8`.",
  );
  assert.equal(
    await message("text\tlabel\rfine\tgood\r"),
    "a.tsv: found lines that end with carriage returns (\\r) alone, expected text in UTF-8\n" +
      "  Put line feeds (\\n) there, for example with `tr '\\r' '\\n'`.",
  );
});

Deno.test("in batches the lines of a long file are the same, and mistakes keep their line", async () => {
  const lines = Array.from({ length: 200_000 }, (_, index) => `línea ${index}\r`);
  const file = `\ufeff${lines.join("\n")}\nlast`;
  await withFiles({ "a.txt": file }, async (folder) => {
    const batches = await Array.fromAsync(lineBatches(join(folder, "a.txt")));
    assert.ok(batches.length > 1);
    assert.deepEqual(batches.flat(), await readLines(join(folder, "a.txt")));
  });
  const drain = async (folder: string) => {
    for await (const _ of lineBatches(join(folder, "a.txt"))) { /* only read */ }
  };
  const wrong = new Uint8Array([...new TextEncoder().encode(`${"a\n".repeat(600_000)}b`), 0xff]);
  const message = await messageFor({ "a.txt": wrong }, drain);
  assert.match(message, /^a\.txt:600001:2: found the byte 0xff/);
  const endless = await messageFor({ "a.txt": `first\n${"a".repeat(18 * 2 ** 20)}` }, drain);
  assert.match(endless, /^a\.txt:2: found a line of more than 16 MiB/);
});

Deno.test("whatever else the system says of a file is one message", async () => {
  await withFiles({}, async (folder) => {
    await Deno.symlink("loop", join(folder, "loop"));
    await assert.rejects(readLines(join(folder, "loop")), /found a link that leads back to itself, expected/);
    const long = join(folder, "n".repeat(300));
    await assert.rejects(readLines(long), /found a file that can't be read \(.*ENAMETOOLONG.*\), expected/);
  });
});
