import assert from "node:assert/strict";
import { faultIn, readFrom } from "./reading.ts";

const described = { kind: "folder", files: { train: ["train"], test: ["test"] } } as const;

Deno.test("texts by class, in the order of their paths, as the Large Movie Review Dataset has them", async () => {
  const files = {
    "train/pos/10_9.txt": "A fine\nfilm.<br />",
    "train/pos/0_9.txt": "Good.\r\n",
    "train/neg/0_1.txt": "\ufeffDull.",
    "train/unsup/0_0.txt": "Who knows?",
    "train/urls_pos.txt": "beside the classes",
    "train/pos/.DS_Store": "\0",
    "test/neg/0_2.txt": "Bad.",
    "test/pos/0_8.txt": "Great.",
  };
  const source = await readFrom(files, { ...described, noLabel: ["unsup"] });
  assert.deepEqual(source.classes, ["neg", "pos"]);
  assert.deepEqual(source.rows, [
    { id: "train/neg/0_1.txt", text: "Dull.", label: 0 },
    { id: "train/pos/0_9.txt", text: "Good.", label: 1 },
    { id: "train/pos/10_9.txt", text: "A fine\nfilm.<br />", label: 1 },
  ]);
  assert.deepEqual(source.unlabelled, [{ id: "train/unsup/0_0.txt", reason: "no label", label: "unsup" }]);
  assert.deepEqual(source.test?.map(({ id }) => id), ["test/neg/0_2.txt", "test/pos/0_8.txt"]);
});

Deno.test("the source's folder itself may hold the classes", async () => {
  const { rows } = await readFrom({ "a/1.txt": "one", "b/1.txt": "two" }, {
    kind: "folder",
    files: { train: ["."] },
  });
  assert.deepEqual(rows.map(({ id }) => id), ["a/1.txt", "b/1.txt"]);
});

const good = { "train/pos/1.txt": "good", "train/neg/1.txt": "bad" };

for (
  const [fault, files, message] of [
    [
      "a folder without classes",
      { "train/1.txt": "good" },
      "train: found no folder in it, expected a folder for each class\n" +
      "  Put the texts of each class in a folder that has its name.",
    ],
    [
      "a missing folder",
      good,
      "test: found no such file, expected a folder\n  Put the file there, or correct its name.",
    ],
    [
      "a file that is no text",
      { ...good, "train/pos/2.pdf": "%PDF-" },
      "train/pos/2.pdf: found a file of another kind, expected texts in files *.txt\n" +
      "  Put it elsewhere, or rename it.",
    ],
    [
      "an empty text",
      { ...good, "train/pos/2.txt": " \n" },
      "train/pos/2.txt: found an empty field, expected a text\n  Fill it, or remove the line.",
    ],
    [
      "a text in another encoding",
      { ...good, "train/pos/2.txt": Uint8Array.of(0x61, 0xe9) },
      'train/pos/2.txt:1:2: found the byte 0xe9 ("é" in Windows-1252), expected text in UTF-8\n' +
      "  Set `encoding: cp1252` if it is in a Western language, or else another encoding.",
    ],
  ] as const
) {
  Deno.test(`${fault} is named by its file`, async () => {
    assert.equal(await faultIn(files as Record<string, string | Uint8Array>, described), message);
  });
}
