import assert from "node:assert/strict";
import { join } from "node:path";
import { checkInput, sourceFiles } from "../../../src/data/inspection/parts.ts";
import { InputError } from "../../../src/errors.ts";
import { withFiles } from "../files.ts";

const none = { unknown: [], dev: [], test: [] };

Deno.test("files are told apart by words in their names, and by what a person says", async () => {
  await withFiles({}, async (folder) => {
    const at = (...names: readonly string[]) => names.map((name) => join(folder, name));
    assert.deepEqual(
      (await sourceFiles({
        ...none,
        unknown: at("a/train.csv", "a/val-2.csv", "a/b/testing.csv", "a/more.csv"),
      }))
        .parts,
      { train: ["train.csv", "more.csv"], dev: ["val-2.csv"], test: ["b/testing.csv"] },
    );
    assert.deepEqual(
      await sourceFiles({ unknown: at("2024.csv"), dev: at("2025.csv"), test: at("dev.csv") }),
      {
        folder,
        input: folder,
        parts: { train: ["2024.csv"], dev: ["2025.csv"], test: ["dev.csv"] },
      },
    );
  });
});

Deno.test("where nothing is to train on, the dev files are, or else the test files", async () => {
  const parts = async (...unknown: readonly string[]) => (await sourceFiles({ ...none, unknown })).parts;
  assert.deepEqual(await parts("/d/dev.tsv", "/d/test.tsv"), {
    train: ["dev.tsv"],
    dev: [],
    test: ["test.tsv"],
  });
  assert.deepEqual(await parts("/d/test.tsv"), { train: ["test.tsv"], dev: [], test: [] });
});

Deno.test("a single file is the input itself, also if it is JSON with several lists", async () => {
  const file = { train: [["a", "x"]], oos_val: [["b", "y"]], test: [["c", "x"]], meta: ["no rows"] };
  await withFiles({ "all.json": JSON.stringify(file) }, async (folder) => {
    const path = join(folder, "all.json");
    assert.deepEqual(await sourceFiles({ ...none, unknown: [path] }), {
      folder,
      input: path,
      parts: { train: ["all.json#train"], dev: ["all.json#oos_val"], test: ["all.json#test"] },
    });
  });
});

Deno.test("a folder that holds the project's results is no source, but a file in it is", () => {
  const parts = { train: ["a.csv", "b.csv"], dev: [], test: [] };
  assert.throws(() => checkInput({ folder: "/p", input: "/p", parts }, "/p"), InputError);
  assert.throws(() => checkInput({ folder: "/", input: "/", parts }, "/p"), InputError);
  checkInput({ folder: "/p", input: "/p/a.csv", parts }, "/p");
  checkInput({ folder: "/p/data", input: "/p/data", parts }, "/p");
});
