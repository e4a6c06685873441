/** The experiments on further tasks read public files and split them as their comments say. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shared } from "../shared.ts";
import { actions } from "./actions.ts";
import { copyProject, isSetUp, pipeline } from "./copy.ts";

/** The files of each task, and what is known of its splits. */
const tasks = [
  {
    file: "sst",
    folder: "SST-sentences",
    from: shared("data/sentiment/SST-sentences"),
    classes: 2,
    test: 1821,
  },
  { file: "banking77", folder: "Banking77", from: shared("data/intent/Banking77"), classes: 77, test: 3080 },
];

for (const { file, folder, from, classes, test } of tasks) {
  Deno.test({
    name: `${file}.yaml reads ${folder}, keeps its test set whole and trains for five epochs`,
    ignore: !from || !isSetUp,
    fn: async () => {
      using copy = copyProject();
      mkdirSync(join(copy.root, "data"));
      cpSync(from!, join(copy.root, "data", folder), { recursive: true });
      const { code, output } = await pipeline(
        copy,
        "run",
        "prepare-data",
        "--file",
        `pipelines/${file}.yaml`,
      );
      assert.equal(code, 0, output);
      const written = join(copy.root, `artifacts/pipelines+${file}.yaml/prepare-data/dataset.json`);
      const dataset = JSON.parse(readFileSync(written, "utf8"));
      assert.equal(dataset.classes.length, classes);
      assert.equal(dataset.splits.test.rows, test);
      const rows = dataset.splits.train.rows;
      const { steps, batchSize } = (await actions(`pipelines/${file}.yaml`)).get("finetune@hidden,1")!
        .parameters as Record<string, number>;
      const epochs = steps! * batchSize! / rows;
      assert.ok(Math.abs(epochs - 5) < 0.1, `${epochs} epochs of ${rows} texts`);
      assert.ok(dataset.splits.dev1.rows >= 400);
    },
  });
}
