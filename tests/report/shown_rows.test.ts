import assert from "node:assert/strict";
import { join } from "node:path";
import { readShownRows } from "../../src/report/shown_rows.ts";
import { messageFor, withFiles } from "../data/files.ts";

const good = '{"id":"a","text":"a secret","label":1}\n';
const messages = (line: string | Uint8Array<ArrayBuffer>, showTexts: boolean) => {
  const bytes = typeof line === "string" ? new TextEncoder().encode(line) : line;
  return messageFor(
    { "dev2.jsonl": new Uint8Array([...new TextEncoder().encode(good), ...bytes]) },
    (folder) => readShownRows(join(folder, "dev2.jsonl"), { showTexts }),
  );
};

for (
  const [fault, line] of [
    ["a line that breaks off", '{"id":"b","text":"another secr'],
    ["a text in the place of a field", '{"id":"b","another secret":"","text":"another secret","label":1}'],
    ["a text in the place of a row", '"another secret"'],
    ["a label that is a text", '{"id":"b","text":"another secret","label":"another secret"}'],
    ["a byte that isn't UTF-8", new Uint8Array([...new TextEncoder().encode("another secret "), 0xe9, 0x0a])],
  ] as const
) {
  Deno.test(`where texts are to stay out, nothing of a line is quoted: ${fault}`, async () => {
    const message = await messages(line, false);
    assert.doesNotMatch(message, /secr|é/);
    assert.match(message, /dev2\.jsonl:2(:16)?: found a line that can't be read, expected /);
  });
}

Deno.test("where texts are shown, the message says what is wrong, and so it does without any line", async () => {
  const wrong = await messages('{"id":"b","another secret":"","text":"t","label":1}', true);
  assert.match(wrong, /dev2\.jsonl:2: found a line that is no row \(Unrecognized key: "another secret"\)/);
  const missing = await messageFor({}, (folder) => readShownRows(join(folder, "x"), { showTexts: false }));
  assert.match(missing, /found no such file/);
  await withFiles({ "dev2.jsonl": good }, async (folder) => {
    const [row] = await readShownRows(join(folder, "dev2.jsonl"), { showTexts: false });
    assert.equal(row.text, "a secret");
  });
});
