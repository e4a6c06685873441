import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeClassifier } from "../../../src/ebm/classifier/folder.ts";
import { readCheckpoint } from "../../../src/nn/checkpoint.ts";
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
    const kept = { step: 6, lastStep: 6, steps: 6, why: "the last step" };
    const description = { seed: 1, classes: ["a", "b"], noiseRatio: 1, maxTokens: 16, kept, layers: 2 };
    await writeClassifier(to, from, { ...description, variant: "baseline" }, weights);

    const written = JSON.parse(await readFile(join(to, "config.json"), "utf8"));
    assert.deepEqual([written.torch_dtype, written.dtype], ["float32", "float32"]);
    const file = await readFile(join(to, "model.safetensors"));
    const header = JSON.parse(file.subarray(8, 8 + Number(file.readBigUInt64LE())).toString());
    const { __metadata__: _, ...tensors } = header as Record<string, { readonly dtype: string }>;
    assert.deepEqual(new Set(Object.values(tensors).map(({ dtype }) => dtype)), new Set(["F32"]));
  });
});
