import assert from "node:assert/strict";
import { join } from "node:path";
import { storeFolder } from "../../../src/pipeline/store/blobs.ts";
import { digestOf } from "../../../src/pipeline/store/digest.ts";
import { openStore } from "../../../src/pipeline/store/store.ts";
import {
  digestOfTree,
  digestWithin,
  outputTreeOf,
  staysWithin,
  treeSchema,
} from "../../../src/pipeline/store/tree.ts";
import { inFolder } from "../../in_folder.ts";

const entry = { digest: digestOf("x"), size: 1 };

Deno.test("a tree's paths stay within its folder", () => {
  for (const path of ["a", "a/b.txt", "..a", "a..", "a\nb", "é", "__proto__", "constructor", "a\\b"]) {
    assert.ok(staysWithin(path), path);
    assert.deepEqual(
      Object.keys(treeSchema.parse(JSON.parse(`{${JSON.stringify(path)}:${JSON.stringify(entry)}}`))),
      [
        path,
      ],
    );
  }
  const outside = [
    "",
    "/a",
    "..",
    "../a",
    "a/../b",
    "a/..",
    ".",
    "./a",
    "a/./b",
    "a//b",
    "a\0b",
    "..\\a",
    "a/".repeat(3000),
  ];
  for (const path of outside) {
    assert.ok(!staysWithin(path), path);
    assert.equal(treeSchema.safeParse({ [path || "//"]: entry }).success, false, path);
  }
  for (
    const value of [null, [], "x", 1, { a: { ...entry, size: -1 } }, { a: { ...entry, digest: "../x" } }]
  ) {
    assert.equal(treeSchema.safeParse(value).success, false);
  }
});

Deno.test("an empty folder in an output is part of its tree", () =>
  inFolder((folder) => {
    Deno.mkdirSync(join(folder, "errors"));
    Deno.mkdirSync(join(folder, "all/none"), { recursive: true });
    Deno.writeTextFileSync(join(folder, "all/x"), "x");
    const tree = outputTreeOf(folder, () => entry);
    assert.deepEqual(Object.keys(tree), ["all/none/", "all/x", "errors/"]);
    assert.equal(digestWithin(tree, "errors"), digestOfTree(treeSchema.parse({})));
    assert.equal(digestWithin(tree, "other"), undefined);
  }));

Deno.test("what a link in an output leads to stays where it is", () =>
  inFolder((folder) => {
    const store = openStore(join(folder, "store"));
    const precious = join(folder, "precious");
    Deno.mkdirSync(precious);
    Deno.writeTextFileSync(join(precious, "thesis.txt"), "mine");
    for (
      const [name, target] of [["results", precious], ["result", join(precious, "thesis.txt")], [
        "x",
        "nowhere",
      ]]
    ) {
      const staged = join(folder, `staged-${name}`);
      Deno.mkdirSync(staged);
      Deno.writeTextFileSync(join(staged, "before.txt"), "x");
      Deno.symlinkSync(target, join(staged, name));
      assert.throws(
        () => storeFolder(store, staged),
        new RegExp(`it wrote ${name}, which is a link: write plain`),
      );
      assert.equal(Deno.readTextFileSync(join(precious, "thesis.txt")), "mine");
      assert.equal(Deno.readTextFileSync(join(staged, "before.txt")), "x", "nothing was moved");
    }
  }));
