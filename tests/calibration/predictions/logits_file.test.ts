import assert from "node:assert/strict";
import { join } from "node:path";
import type { Predictions } from "../../../src/calibration/predictions/classified.ts";
import {
  readPredictions,
  readUnlabelled,
  writePredictions,
  writeUnlabelled,
} from "../../../src/calibration/predictions/logits_file.ts";
import { messageFor, withFiles } from "../../data/files.ts";
import { predictionsOf } from "../synthetic.ts";

const plain = predictionsOf([[0.1, -2.5e-7], [1 / 3, 12345.678]], [1, 0]);
const full: Predictions = {
  ...plain,
  energies: Float64Array.of(-1.5, 0),
  votes: Float64Array.of(1 - 14.5 / 15, 14.5 / 15, 1, 0),
};

for (const [name, predictions] of Object.entries({ plain, "with energies and votes": full })) {
  Deno.test(`predictions come back to the last bit: ${name}`, () =>
    withFiles({}, async (folder) => {
      const file = join(folder, "predictions.jsonl");
      await writePredictions(file, predictions);
      assert.deepEqual(await readPredictions(file), predictions);
    }));
}

const row = '{"id": "a", "label": 0, "logits": [1, 2]}';
const mistakes: readonly {
  readonly name: string;
  readonly lines: readonly string[];
  readonly message: string;
}[] = [
  { name: "no rows", lines: [], message: " found no rows, expected at least one prediction" },
  { name: "not JSON", lines: [row, "{"], message: "2: found a line that is not JSON" },
  { name: "an empty line", lines: [row, "", row], message: "2: found an empty line, expected a row" },
  { name: "no object", lines: ["[1, 2]"], message: "1: found [1,2], expected one JSON object a line" },
  {
    name: "no id",
    lines: ['{"label": 0, "logits": [1, 2]}'],
    message: "1: found id (missing), expected a text that names the row",
  },
  {
    name: "a label outside the classes",
    lines: [row, '{"id": "b", "label": 2, "logits": [1, 2]}'],
    message: "2: found label 2, expected a class from 0 to 1",
  },
  {
    name: "a label that is no class",
    lines: ['{"id": "b", "label": 0.5, "logits": [1, 2]}'],
    message: "1: found label 0.5, expected a class from 0 to 1",
  },
  {
    name: "NaN, which JSON writes as null",
    lines: [row, '{"id": "b", "label": 0, "logits": [1, null]}'],
    message: "2: found logits[1] null, expected a finite number",
  },
  {
    name: "NaN as Python writes it",
    lines: ['{"id": "b", "label": 0, "logits": [1, NaN]}'],
    message: "1: found a line that is not JSON",
  },
  {
    name: "an infinite logit",
    lines: ['{"id": "b", "label": 0, "logits": [1, 1e999]}'],
    message: "1: found logits[1] Infinity, expected a finite number",
  },
  {
    name: "another number of logits",
    lines: [row, row, '{"id": "b", "label": 0, "logits": [1, 2, 3]}'],
    message: "3: found 3 logits, expected 2, as in line 1",
  },
  {
    name: "one class only",
    lines: ['{"id": "b", "label": 0, "logits": [1]}'],
    message: "1: found logits [1], expected a list with one number for each of two or more classes",
  },
  {
    name: "an energy in some rows only",
    lines: [row, '{"id": "b", "label": 0, "logits": [1, 2], "energy": 3}'],
    message: "2: found energy, expected every row to have it, or none",
  },
  {
    name: "votes that are no share",
    lines: ['{"id": "b", "label": 0, "logits": [1, 2], "votes": 15}'],
    message: "1: found votes 15, expected a share from 0 to 1",
  },
];

for (const { name, lines, message } of mistakes) {
  Deno.test(`a bad row is refused with file and line: ${name}`, async () => {
    const content = lines.map((line) => `${line}\n`).join("");
    const read = (folder: string) => readPredictions(join(folder, "predictions.jsonl"));
    const found = await messageFor({ "predictions.jsonl": content }, read);
    assert.ok(found.startsWith(`predictions.jsonl:${message}`), found);
  });
}

const fix = "  Run the stage that wrote it again with --force.";

Deno.test("a wrong file says which stage is to be run again", async () => {
  const read = (folder: string) => readPredictions(join(folder, "predictions.jsonl"));
  const message = await messageFor({ "predictions.jsonl": '{"label": 0, "logits": [1, 2]}\n' }, read);
  assert.equal(message.split("\n")[1], fix);
});

Deno.test("probabilities instead of logits are refused", async () => {
  const read = (folder: string) => readPredictions(join(folder, "predictions.jsonl"));
  const row = '{"id": "a", "label": 0, "probs": [0.5, 0.5]}\n';
  assert.match(await messageFor({ "predictions.jsonl": row }, read), /:1: found probs, expected logits\n/);
});

const said = { ids: ["a", "b"], logits: Float64Array.of(0.1, -2, 3, 1e-300), classes: 2 };

Deno.test("what is written without labels is read again, number by number", async () => {
  await withFiles({}, async (folder) => {
    for (const predictions of [said, { ...said, energies: Float64Array.of(-1 / 3, 7) }]) {
      await writeUnlabelled(join(folder, "noise.jsonl"), predictions);
      assert.deepEqual(await readUnlabelled(join(folder, "noise.jsonl")), predictions);
    }
  });
});

Deno.test("labelled predictions are read without their labels and votes, even where these are wrong", async () => {
  const row = { id: "a", label: 9, logits: [0.1, -2], energy: 3, votes: "many" };
  await withFiles({ "noise.jsonl": `${JSON.stringify(row)}\n` }, async (folder) => {
    assert.deepEqual(await readUnlabelled(join(folder, "noise.jsonl")), {
      ids: ["a"],
      logits: Float64Array.of(0.1, -2),
      classes: 2,
      energies: Float64Array.of(3),
    });
  });
});

const good = '{"id": "a", "logits": [1, 2]}';
for (
  const [what, line, found, expected] of [
    [
      "no logits",
      '{"id": "b"}',
      "logits (missing)",
      "a list with one number for each of two or more classes",
    ],
    ["other classes than the first", '{"id": "b", "logits": [1, 2, 3]}', "3 logits", "2, as in line 1"],
    [
      "an energy where the first has none",
      '{"id": "b", "logits": [1, 2], "energy": 3}',
      "energy",
      "every row to have it, or none",
    ],
    ["no id where the first has one", '{"logits": [1, 2]}', "no id", "every row to have it, or none"],
  ]
) {
  Deno.test(`a row without labels is named by its line: ${what}`, async () => {
    const message = await messageFor(
      { "noise.jsonl": `${good}\n${line}\n` },
      (folder) => readUnlabelled(join(folder, "noise.jsonl")),
    );
    assert.deepEqual(message.split("\n"), [`noise.jsonl:2: found ${found}, expected ${expected}`, fix]);
  });
}

for (
  const [what, content, start] of [
    ["no JSON", `${good}\nb\n`, "noise.jsonl:2: found a line that is not JSON ("],
    ["no id at all", '{"logits": [1, 2]}\n', "noise.jsonl:1: found id (missing), expected a text that names"],
    ["nothing", "", "noise.jsonl: found no rows, expected at least one prediction\n"],
  ]
) {
  Deno.test(`a file without labels is refused: ${what}`, async () => {
    const read = (folder: string) => readUnlabelled(join(folder, "noise.jsonl"));
    const message = await messageFor({ "noise.jsonl": content }, read);
    assert.ok(message.startsWith(start) && message.endsWith(`\n${fix}`), message);
  });
}
