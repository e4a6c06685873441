import assert from "node:assert/strict";
import { digestOf } from "../../../src/pipeline/store/digest.ts";
import { singlePart } from "../../../src/pipeline/store/input_parts.ts";
import { instanceName } from "../../../src/pipeline/store/instance_name.ts";
import {
  type ActionRecord,
  formatVersion,
  keyOf,
  parseForeignRecord,
  parseRecord,
} from "../../../src/pipeline/store/record.ts";
import { digestOfTree, treeSchema } from "../../../src/pipeline/store/tree.ts";

const digest = digestOf("a file");
const preImage: ActionRecord["preImage"] = {
  format: formatVersion,
  code: digest,
  parameters: { value: 7 },
  inputs: { data: digest },
  names: {},
  environment: {},
  threads: 1,
};
const noFiles = treeSchema.parse({});
const record: ActionRecord = {
  key: keyOf(preImage),
  preImage,
  instance: instanceName("train", undefined),
  module: "stages/train.ts",
  inputs: { data: singlePart({ from: "./raw.tsv", digest }) },
  tree: digestOfTree(noFiles),
  files: noFiles,
  native: false,
  started: "2026-01-01T00:00:00.000Z",
  ended: "2026-01-01T00:01:00.000Z",
  log: "logs/train.log",
};

Deno.test("a text is a record only where its parameters aren't nested so deep that a digest of them fails", () => {
  const text = JSON.stringify(record);
  assert.deepEqual(parseRecord(text), record);
  for (const levels of [300, 2200, 30_000]) {
    const deep = text.replace('"value":7', `"value":${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`);
    assert.equal(parseRecord(deep), undefined);
    assert.equal(parseForeignRecord(deep).record, undefined);
  }
});
