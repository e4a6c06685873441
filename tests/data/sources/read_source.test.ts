import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { hashOf } from "../../../src/data/word_sets.ts";
import { faultIn, readFrom } from "./reading.ts";

const described = {
  kind: "csv",
  header: false,
  files: { train: ["a.csv"] },
  columns: { text: 0, label: 1 },
} as const;
const labelled = (labels: readonly string[]) => labels.map((label, at) => `text ${at},${label}\n`).join("");
const classesOf = async (labels: readonly string[]) =>
  (await readFrom({ "a.csv": labelled(labels) }, described)).classes;

Deno.test("classes that nobody named are sorted as numbers, or else by code points", async () => {
  assert.deepEqual(await classesOf(["10", "9", "-1", "0.5", "9"]), ["-1", "0.5", "9", "10"]);
  assert.deepEqual(await classesOf(["b", "B", "10", "9", "é", "\u{1f600}", "\uff21"]), [
    ...["10", "9", "B", "b", "é", "\uff21", "\u{1f600}"],
  ]);
});

Deno.test("a column of labels has at most 1,000 classes", async () => {
  const labels = Array.from({ length: 1001 }, (_, at) => `${at}`);
  assert.equal((await classesOf(labels.slice(0, 1000))).length, 1000);
  assert.equal(
    await faultIn({ "a.csv": labelled(labels) }, described),
    'a.csv:1001:11: found the label "1000" after 1000 others, expected at most 1000 classes\n' +
      "  Correct `columns.label`, if this isn't the column of the labels.",
  );
});

Deno.test("one label alone is no task", async () => {
  assert.equal(
    await faultIn({ "a.csv": labelled(["a", "a"]) }, described),
    'found the label "a" in every row, expected two labels or more\n' +
      "  Correct `columns.label`, or list the labels that other rows would have under `classes`.",
  );
});

Deno.test("rows whose label means none are left out and told of", async () => {
  const { classes, rows, unlabelled } = await readFrom({ "a.csv": labelled(["a", "-", "b", "", "-1"]) }, {
    ...described,
    noLabel: ["-", "", -1],
  });
  assert.deepEqual(classes, ["a", "b"]);
  assert.deepEqual(rows.map(({ id }) => id), ["a.csv:1", "a.csv:3"]);
  assert.deepEqual(unlabelled, [
    { id: "a.csv:2", reason: "no label", label: "-" },
    { id: "a.csv:4", reason: "no label", label: "" },
    { id: "a.csv:5", reason: "no label", label: "-1" },
  ]);
});

Deno.test("each split may have files of its own", async () => {
  const names = ["train", "tune", "dev1", "dev2", "test"];
  const files = Object.fromEntries(names.map((name) => [name, `${name} text,0\n${name} other,1\n`]));
  const listed = { train: ["train"], tune: ["tune"], dev1: ["dev1"], dev2: ["dev2"], test: ["test"] };
  const { rows, dev, given, test } = await readFrom(files, { ...described, files: listed });
  assert.equal(dev, undefined);
  const texts = [rows, given!.tune, given!.dev1, given!.dev2, test!].map((split) => split?.[0].text);
  assert.deepEqual(texts, names.map((name) => `${name} text`));
});

Deno.test("steps of cleaning are done in the order given", async () => {
  const text = '"AT&amp;T ,\n  he didn \'t say ( yet ) it #39;s &lt;b&gt; ",0\nx,1\n';
  const cleanup = ["unescape-html", "collapse-whitespace", "reattach"] as const;
  const { rows: [{ text: cleaned }] } = await readFrom({ "a.csv": text }, {
    ...described,
    cleanup: [...cleanup],
  });
  assert.equal(cleaned, "AT&T, he didn't say (yet) it's <b>");
});

/** Encodes a text, of which all characters are of Latin-1 or it is UTF-16, after a byte order mark or not. */
const utf16 = (text: string, isLittle: boolean) =>
  Uint8Array.from(
    text.split("").flatMap((unit) => {
      const [low, high] = [unit.charCodeAt(0) & 0xff, unit.charCodeAt(0) >> 8];
      return isLittle ? [low, high] : [high, low];
    }),
  );
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

Deno.test("files in other encodings, packed or not", async () => {
  const text = "clichés 😀,1\ncafé,0\n";
  const western = text.replace("😀", "\x80"); // which is the euro sign in Windows-1252
  const files: Record<string, readonly [string, Uint8Array]> = {
    "utf-8": ["utf-8", new TextEncoder().encode(text)],
    "utf-16le": ["utf-16le", utf16(text, true)],
    "utf-16le with a mark": ["utf-16le", utf16(`\ufeff${text}`, true)],
    "utf-16be": ["utf-16be", utf16(text, false)],
    latin1: ["latin1", latin1(western)],
    cp1252: ["cp1252", latin1(western)],
  };
  for (const [name, [encoding, bytes]] of Object.entries(files)) {
    for (const content of [bytes, new Uint8Array(gzipSync(bytes))]) {
      const { rows } = await readFrom({ "a.csv": content }, { ...described, encoding });
      const first = name.startsWith("utf") ? "clichés 😀" : "clichés €";
      assert.deepEqual(rows.map(({ text }) => text), [first, "café"], name);
    }
  }
});

/** Returns two texts of one hash. */
function sameHash(): readonly [string, string] {
  const found = new Map<number, string>();
  for (let number = 0;; number++) {
    const [text, hash] = [`${number}`, hashOf(`${number}`)];
    const other = found.get(hash);
    if (other !== undefined) return [other, text];
    found.set(hash, text);
  }
}

Deno.test("ids are told apart where their hashes are the same, and found again among thousands", async () => {
  const ids = [...sameHash(), ...Array.from({ length: 3000 }, (_, at) => `id ${at}`)];
  const columns = { text: 0, label: 1, id: 2 };
  const table = ids.map((id, at) => `a text,${at % 2},${id}\n`).join("");
  const { rows } = await readFrom({ "a.csv": table }, { ...described, columns });
  assert.deepEqual(rows.map(({ id }) => id), ids);
  assert.equal(
    await faultIn({ "a.csv": table, "b.csv": "a text,0,other\nb,1,id 7\n" }, {
      ...{ ...described, columns },
      files: { train: ["a.csv", "b.csv"] },
    }),
    'b.csv:2:5: found the id "id 7" again (it is at a.csv:10), expected another id for each row\n' +
      "  Give each row its own id, or leave `columns.id` out to name rows by file and line.",
  );
});

Deno.test("a file in another encoding is told which to set, and is read with it", async () => {
  const text = "clichés,1\ncafé,0\n";
  const files: readonly (readonly [Uint8Array, string, RegExp])[] = [
    [latin1(text), "cp1252", /Set `encoding: cp1252` if it is in a Western language/],
    [utf16(text, true), "utf-16le", /Set `encoding: utf-16le`\.$/],
    [utf16(text, false), "utf-16be", /Set `encoding: utf-16be`\.$/],
    [utf16(`\ufeff${text}`, true), "utf-16le", /Set `encoding: utf-16le`, or `utf-16be`\.$/],
    [utf16(`\ufeff${text}`, false), "utf-16be", /Set `encoding: utf-16le`, or `utf-16be`\.$/],
  ];
  for (const [bytes, encoding, advice] of files) {
    assert.match(await faultIn({ "a.csv": bytes }, described), advice);
    const { rows } = await readFrom({ "a.csv": bytes }, { ...described, encoding });
    assert.deepEqual(rows.map(({ text }) => text), ["clichés", "café"]);
  }
  const unknown = await faultIn({ "a.csv": latin1("a \x81,0\n") }, described);
  assert.match(unknown, /Set `encoding` to the encoding of the file\.$/);
});

Deno.test("a large file is read in another encoding as well, whose characters are cut by its pieces", async () => {
  const text = Array.from({ length: 40_000 }, (_, at) => `é${"x".repeat(at % 50)} number ${at},${at % 2}\n`)
    .join("");
  const { rows } = await readFrom({ "a.csv": utf16(text, true) }, { ...described, encoding: "utf-16le" });
  assert.equal(rows.map(({ text, label }) => `${text},${label}\n`).join(""), text);
});

for (
  const [fault, content, encoding, message] of [
    [
      "a byte that the encoding doesn't have",
      latin1("a,0\nb,1\n\x82"),
      "shift_jis",
      "a.csv:3: found bytes that aren't text in shift_jis, expected text in the encoding that is named\n" +
      "  Correct `encoding`.",
    ],
    [
      "a gzip file that breaks off",
      new Uint8Array(gzipSync(labelled(["a", "b"])).subarray(0, 30)),
      "utf-8",
      "a.csv: found a gzip file that can't be unpacked, expected a whole one\n  Copy the file again.",
    ],
    [
      "another form behind gzip",
      new Uint8Array(gzipSync("PAR1\x15")),
      "utf-8",
      "a.csv: found a Parquet file, expected text in UTF-8\n  Write its rows to a text file in UTF-8 first.",
    ],
  ] as const
) {
  Deno.test(`${fault} is named`, async () => {
    assert.equal(await faultIn({ "a.csv": content }, { ...described, encoding }), message);
  });
}

Deno.test("parameters that can't be meant are refused", async () => {
  for (
    const [changes, message] of [
      [{ encoding: "utf-9" }, /the name of an encoding, such as utf-8, latin1, cp1252 or utf-16le/],
      [
        { files: { train: ["a"], tune: ["b"] } },
        /files for all of tune, dev1 and dev2 and none for dev, or none/,
      ],
      [{ columns: { text: 0 } }, /a column of the label, or of votes/],
    ] as const
  ) {
    await assert.rejects(readFrom({}, { ...described, ...changes } as typeof described), message);
  }
});
