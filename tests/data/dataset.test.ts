import assert from "node:assert/strict";
import { type Dataset, readDataset, writeDataset } from "../../src/data/dataset.ts";
import { messageFor, withFiles } from "./files.ts";

const counts = { rows: 3, perClass: [1, 2] };
const dataset: Dataset = {
  classes: ["negative", "positive"],
  pairs: false,
  splits: { train: counts, tune: counts, dev1: counts, dev2: counts },
  duplicates: { groups: 1, rows: 2, droppedFromTrain: 0 },
};

Deno.test("a description comes back as it was written", () =>
  withFiles({}, async (folder) => {
    await writeDataset(folder, dataset);
    assert.deepEqual(await readDataset(folder), dataset);
    const more: Dataset = {
      ...dataset,
      areClassesInferred: true,
      splits: { ...dataset.splits, test: counts },
      unlabelled: 3,
    };
    await writeDataset(folder, more);
    assert.deepEqual(await readDataset(folder), more);
  }));

for (const content of ["{}", '{ "classes": ["nega']) {
  Deno.test(`a file that is no description is named: ${content}`, async () => {
    assert.equal(
      await messageFor({ "dataset.json": content }, readDataset),
      "dataset.json: found something else, expected the description that prepare-data writes\n" +
        "  Run prepare-data again with --force.",
    );
  });
}
