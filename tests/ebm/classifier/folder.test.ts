import assert from "node:assert/strict";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeClassifier } from "../../../src/ebm/classifier/folder.ts";
import { readCheckpoint } from "../../../src/nn/checkpoint.ts";
import { readConfig } from "../../../src/nn/read_config.ts";
import { fixture } from "../../fixtures.ts";
import { inFolder } from "../../in_folder.ts";
import { writeTinyBert } from "../../stages/tiny_task.ts";

Deno.test("config.json of a finetuned half-precision checkpoint names the type that its weights have", async () => {
  await inFolder(async (root) => {
    const [from, to] = ["checkpoint", "model"].map((name) => join(root, name));
    await writeTinyBert(from);
    const config = JSON.parse(await readFile(join(from, "config.json"), "utf8"));
    const half = { ...config, torch_dtype: "float16", dtype: "bfloat16" };
    await writeFile(join(from, "config.json"), JSON.stringify(half));
    const { weights } = await readCheckpoint(from);
    const description = { seed: 1, classes: ["a", "b"], noiseRatio: 1, maxTokens: 16, layers: 2 };
    await writeClassifier(to, from, { ...description, variant: "baseline" }, weights);

    const written = JSON.parse(await readFile(join(to, "config.json"), "utf8"));
    assert.deepEqual([written.torch_dtype, written.dtype], ["float32", "float32"]);
    const file = await readFile(join(to, "model.safetensors"));
    const header = JSON.parse(file.subarray(8, 8 + Number(file.readBigUInt64LE())).toString());
    const { __metadata__: _, ...tensors } = header as Record<string, { readonly dtype: string }>;
    assert.deepEqual(new Set(Object.values(tensors).map(({ dtype }) => dtype)), new Set(["F32"]));
  });
});

Deno.test("the number of layers is written under the name that the family's config.json has for it", async () => {
  await inFolder(async (root) => {
    const [from, to] = ["checkpoint", "model"].map((name) => join(root, name));
    await writeTinyBert(from);
    await copyFile(fixture("distilbert-tiny-random/config.json"), join(from, "config.json"));
    const description = { seed: 1, classes: ["a", "b"], noiseRatio: 1, maxTokens: 16, layers: 1 };
    await writeClassifier(to, from, { ...description, variant: "baseline" }, new Map());
    assert.equal((await readConfig(to)).layers, 1);
  });
});
