import assert from "node:assert/strict";
import { join } from "node:path";
import { readDocument } from "../../../src/pipeline/file/document.ts";
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
