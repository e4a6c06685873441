import assert from "node:assert/strict";
import { join } from "node:path";
import { writeUnlabelled } from "../../../src/calibration/predictions/logits_file.ts";
import { readUnlabelled } from "../../../src/calibration/predictions/unlabelled_file.ts";
import { messageFor, withFiles } from "../../data/files.ts";

const said = { ids: ["a", "b"], logits: Float64Array.of(0.1, -2, 3, 1e-300), classes: 2 };

Deno.test("what is written without labels is read again, number by number", async () => {
  await withFiles({}, async (folder) => {
    for (const predictions of [said, { ...said, energies: Float64Array.of(-1 / 3, 7) }]) {
      await writeUnlabelled(join(folder, "noise.jsonl"), predictions);
      assert.deepEqual(await readUnlabelled(join(folder, "noise.jsonl")), predictions);
    }
  });
});

const good = '{"id": "a", "logits": [1, 2]}';
for (
  const [what, line, found, expected] of [
    ["no logits", '{"id": "b"}', '{"id": "b"}', "an id, logits and perhaps an energy"],
    [
      "other classes than the first",
      '{"id": "b", "logits": [1, 2, 3]}',
      "3 logits and no energy",
      "2 logits and no energy, as in line 1",
    ],
    [
      "an energy where the first has none",
      '{"id": "b", "logits": [1, 2], "energy": 3}',
      "2 logits and an energy",
      "2 logits and no energy, as in line 1",
    ],
    ["no JSON", "b", "b", "an id, logits and perhaps an energy"],
  ]
) {
  Deno.test(`a row with ${what} is named by its line`, async () => {
    const message = await messageFor(
      { "noise.jsonl": `${good}\n${line}\n` },
      (folder) => readUnlabelled(join(folder, "noise.jsonl")),
    );
    const [first, ...rest] = message.split("\n");
    assert.equal(first, `noise.jsonl:2: found ${found}, expected ${expected}`);
    assert.deepEqual(rest, ["  Run the stage that wrote it again with --force."]);
  });
}

Deno.test("an empty file is refused", async () => {
  const read = (folder: string) => readUnlabelled(join(folder, "noise.jsonl"));
  const message = await messageFor({ "noise.jsonl": "" }, read);
  assert.match(message, /^noise\.jsonl: found no predictions, expected one or more\n/);
});
