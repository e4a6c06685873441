import assert from "node:assert/strict";
import { join } from "node:path";
import { InputError } from "../../../src/errors.ts";
import { readDocument } from "../../../src/pipeline/file/document.ts";
import { applyOverrides } from "../../../src/pipeline/file/overrides.ts";
import { openStatCache } from "../../../src/pipeline/store/stat_cache.ts";

Deno.test("a text's value is the same whether it is parsed or remembered, in the same order and place", () => {
  for (
    const text of [
      "b: 1\na: { '10': x, '9': [true, null, 0x3, 1e3] }\n",
      "a: .inf\nb: -.inf\nc: .nan\n",
      "a: -0.0\n",
      "a: { b: [x, .inf], c: [-0.0] }\n",
    ]
  ) {
    const folder = Deno.makeTempDirSync();
    const file = join(folder, "pipeline.yaml");
    Deno.writeTextFileSync(file, text);
    const cache = openStatCache(join(folder, "stat-cache"));
    const [parsed, again] = [readDocument(file, cache), readDocument(file, cache)];
    cache.save();
    const remembered = readDocument(file, openStatCache(join(folder, "stat-cache")));
    for (const document of [again, remembered]) {
      assert.deepEqual(document.value, parsed.value);
      assert.deepEqual(Object.keys(document.value as object), Object.keys(parsed.value as object));
      assert.deepEqual(document.locate(["a"], "key"), parsed.locate(["a"], "key"));
    }
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("keys that are no names, and what is nested too deep, are refused before they take time and memory", () => {
  const file = Deno.makeTempFileSync();
  const refused: readonly (readonly [string, RegExp])[] = [
    ["a: 1\n? [b, c]\n: 2\n", /:2:3: found a key that isn't a plain value, expected a name$/m],
    ["a: &a x\n*a : 2\n", /:2:1: found a key that isn't a plain value, expected a name$/m],
    ["!!binary AAAA: 1\n", /:1:10: found a key that isn't a plain value, expected a name$/m],
    ["? ".repeat(200), /:1:3: found a key that isn't a plain value/],
    [
      `a: ${"[".repeat(101)}${"]".repeat(101)}`,
      /:1:103: found too many levels of nesting, expected at most 100/,
    ],
    ["- ".repeat(100_000), /:1:\d+: found too many levels of nesting, expected at most 100/],
    [`\na: ${"{a: ".repeat(100_000)}`, /:2:\d+: found too many levels of nesting, expected at most 100/],
    ["#\n".repeat(200_001), /:200001:2: found more words, signs and comments than a pipeline file may have/],
  ];
  for (const [text, message] of refused) {
    Deno.writeTextFileSync(file, text);
    assert.throws(() => readDocument(file), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, message);
      return true;
    });
  }
  Deno.writeTextFileSync(file, `a: ${"[".repeat(99)}${"]".repeat(99)}`);
  const document = readDocument(file);
  for (const setting of ["vars.a=? [b]", "vars.a=" + "? ".repeat(400), `vars${".a".repeat(30_000)}=1`]) {
    assert.throws(() => applyOverrides(document, [setting]), InputError);
  }
  Deno.removeSync(file);
});

Deno.test("a mapping of 50,000 keys is read in seconds, and a key that is there twice is found among them", () => {
  const file = Deno.makeTempFileSync();
  const text = Array.from({ length: 50_000 }, (_, index) => `k${index}: ${index}\n`).join("");
  Deno.writeTextFileSync(file, text);
  const start = performance.now();
  assert.equal(Object.keys(readDocument(file).value as object).length, 50_000);
  assert.ok(performance.now() - start < 20_000); // it was more than 25 where each key was compared with all others
  Deno.writeTextFileSync(file, `${text}k7: 1\n`);
  assert.throws(
    () => readDocument(file),
    /:50001:1: found a key that is there twice, expected each key once/,
  );
  Deno.removeSync(file);
});
