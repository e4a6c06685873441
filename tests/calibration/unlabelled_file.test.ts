import assert from "node:assert/strict";
import { join } from "node:path";
import { writeUnlabelled } from "../../src/calibration/predictions.ts";
import { readUnlabelled } from "../../src/calibration/unlabelled_file.ts";
import { messageFor, withFiles } from "../data/files.ts";

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
  const [what, line] of [
    ["no logits", '{"id": "b"}'],
    ["other classes than the first", '{"id": "b", "logits": [1, 2, 3]}'],
    ["an energy where the first has none", '{"id": "b", "logits": [1, 2], "energy": 3}'],
    ["no JSON", "b"],
  ]
) {
  Deno.test(`a row with ${what} is named by its line`, async () => {
    const message = await messageFor(
      { "noise.jsonl": `${good}\n${line}\n` },
      (folder) => readUnlabelled(join(folder, "noise.jsonl")),
    );
    assert.match(
      message,
      /^noise\.jsonl:2: found .* expected an id, logits and perhaps an energy, as in line 1/,
    );
  });
}
