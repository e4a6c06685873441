import assert from "node:assert/strict";
import { folderOf, instanceName, parseInstanceName } from "../../../src/pipeline/store/instance_name.ts";

Deno.test("what a pipeline file can name is an instance's name", () => {
  for (
    const name of ["report", "train-noise-model", "finetune@scalar", "finetune@sharp-hidden,1,0.5", "a1@_"]
  ) {
    assert.equal(parseInstanceName(name), name);
  }
  assert.equal(folderOf(instanceName("finetune", "scalar,1")), "finetune/scalar,1");
});

Deno.test("what would lead out of artifacts/, or to what isn't the pipeline's, is no instance's name", () => {
  const wrong = [
    ...[
      "",
      ".",
      "..",
      "../x",
      "a/b",
      "a@..",
      "a@../x",
      "x@.",
      "a@b/c",
      "a@b@c",
      "a@",
      "@a",
      "a@b,",
      "/etc",
      "a\0b",
    ],
    ...["setup", "setup@lib", "profile", "profile@x", ".store", "A", "1a", "a b", "a@b c", "é", "__proto__"],
    "a".repeat(300),
    "one@a.0190c54c-3ad4-4c5e-9d3f-0123456789ab", // what a kill leaves beside latest/one@a
  ];
  for (const name of wrong) assert.equal(parseInstanceName(name), undefined, name);
});
