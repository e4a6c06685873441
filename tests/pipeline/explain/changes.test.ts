import assert from "node:assert/strict";
import { changesBetween, type Dependence } from "../../../src/pipeline/explain/changes.ts";
import { type Digest, digestOf } from "../../../src/pipeline/store/digest.ts";
import { formatVersion } from "../../../src/pipeline/store/record.ts";
import { treeSchema } from "../../../src/pipeline/store/tree.ts";

const [one, two] = [digestOf("one"), digestOf("two")];

const before: Dependence = {
  preImage: {
    format: formatVersion,
    code: one,
    parameters: { source: { kind: "tsv", columns: [1, 2] }, extra: {} },
    inputs: { data: one, evaluations: { hidden: one, scalar: one } },
    names: { data: { "": "data.tsv" } },
    environment: { deno: "2.9.6" },
    threads: 1,
  },
  manifest: {
    modules: { "stages/a.ts": one },
    packages: { "zod@4.6.7": "sha512-a" },
    imports: { "stages/a.ts: zod": "npm:/zod@4.6.7" },
    configuration: { "deno.json": { jsxFactory: "h" } },
  },
  folder: () => undefined,
};

Deno.test("what is the same has no changes, whatever the order of its members", () => {
  const parameters = { extra: {}, source: { columns: [1, 2], kind: "tsv" } };
  assert.deepEqual(
    changesBetween(before, { ...before, preImage: { ...before.preImage, parameters } }),
    [],
  );
});

Deno.test("each field that differs is named: members within parameters, variants of inputs, modules, packages", () => {
  const after: Dependence = {
    preImage: {
      ...before.preImage,
      code: two,
      parameters: { source: { kind: "tsv", columns: [1, 3] }, seed: 1, extra: {} },
      inputs: { data: two, evaluations: { hidden: one, sharp: one } },
      names: { data: { "": "data.csv" } },
      environment: { deno: "2.9.7" },
      threads: 2,
    },
    manifest: {
      modules: { "stages/a.ts": two },
      packages: { "zod@4.6.8": "sha512-b" },
      imports: { "stages/a.ts: zod": "npm:/zod@4.6.8" },
      configuration: { "deno.json": { jsxFactory: "g" } },
    },
    folder: () => undefined,
  };
  assert.deepEqual(
    changesBetween(before, after).map(({ part, name, before, after }) => [part, name, before, after]),
    [
      ["parameter", "seed", undefined, 1],
      ["parameter", "source.columns", [1, 2], [1, 3]],
      ["module", "stages/a.ts", one, two],
      ["package", "zod@4.6.7", "sha512-a", undefined],
      ["package", "zod@4.6.8", undefined, "sha512-b"],
      ["import", "stages/a.ts: zod", "npm:/zod@4.6.7", "npm:/zod@4.6.8"],
      ["configuration", "deno.json", { jsxFactory: "h" }, { jsxFactory: "g" }],
      ["input", "data", one, two],
      ["input", "data: its file's name", "data.tsv", "data.csv"],
      ["input", "evaluations/scalar", one, undefined],
      ["input", "evaluations/sharp", undefined, one],
      ["environment", "deno", "2.9.6", "2.9.7"],
      ["environment", "threads", 1, 2],
    ],
  );
});

Deno.test("where a list of modules is lost, changed code is still told", () => {
  const after = { ...before, preImage: { ...before.preImage, code: two } };
  assert.deepEqual(changesBetween({ ...before, manifest: undefined }, after), [
    { part: "code", name: "", before: one, after: two },
  ]);
  assert.deepEqual(changesBetween({ ...before, manifest: undefined }, before), []);
});

Deno.test("of an input that is a folder the files that differ are named", () => {
  const files = (digests: Readonly<Record<string, Digest>>) =>
    treeSchema.parse(
      Object.fromEntries(Object.entries(digests).map(([file, digest]) => [file, { digest, size: 3 }])),
    );
  const after = { ...before.preImage, inputs: { ...before.preImage.inputs, data: two } };
  const [change, ...more] = changesBetween(
    {
      ...before,
      folder: (input) => input === "data" ? files({ same: one, old: one, edited: one }) : undefined,
    },
    { ...before, preImage: after, folder: () => files({ same: one, edited: two, new: two }) },
  );
  assert.deepEqual(more, []);
  assert.deepEqual(change?.files, [
    { file: "edited", before: one, after: two },
    { file: "new", before: undefined, after: two },
    { file: "old", before: one, after: undefined },
  ]);
});
