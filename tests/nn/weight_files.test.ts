import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../src/errors.ts";
import type { Weight } from "../../src/graph/weights.ts";
import { readCheckpoint } from "../../src/nn/checkpoint.ts";
import { writeSafetensors } from "../../src/nn/safetensors.ts";
import { readWeights } from "../../src/nn/weight_files.ts";
import { fixture } from "../fixtures.ts";
import { inFolder } from "../in_folder.ts";

const number = (value: number): Weight => ({ shape: [1], data: Float32Array.of(value) });

/** Writes files of weights, and an index where one is given; text stands for itself. */
async function folderOf(
  root: string,
  files: Readonly<Record<string, Map<string, Weight> | object | string>>,
) {
  const folder = join(root, "model");
  await mkdir(folder);
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    if (content instanceof Map) await writeSafetensors(path, content);
    else await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  }
  return folder;
}

const [first, second] = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
const parts = {
  [first]: new Map([["a", number(1)], ["both", number(2)]]),
  [second]: new Map([["b", number(3)], ["both", number(4)]]),
};

Deno.test("weights in several files are read by their index", async () => {
  await inFolder(async (root) => {
    const index = { metadata: { total_size: 12 }, weight_map: { a: first, b: second, both: second } };
    const folder = await folderOf(root, { ...parts, "model.safetensors.index.json": index });
    const values = [...await readWeights(folder)].map(([name, { data }]) => [name, data[0]]);
    assert.deepEqual(values.sort(), [["a", 1], ["b", 3], ["both", 4]]);
  });
});

const refused: Record<string, { readonly files: Parameters<typeof folderOf>[1]; readonly message: RegExp }> =
  {
    "an index that leads out of the folder": {
      files: { "model.safetensors.index.json": { weight_map: { a: "../model.safetensors" } } },
      message: /index\.json: found .*expected a file's name/,
    },
    "an index without one of its files": {
      files: {
        [first]: parts[first],
        "model.safetensors.index.json": { weight_map: { a: first, b: second } },
      },
      message: /model-00002-of-00002\.safetensors: found no file/,
    },
    "weights in PyTorch's format": {
      files: { "pytorch_model.bin": "PK" },
      message: /model\.safetensors: found no such file, but pytorch_model\.bin, .*from_pretrained/s,
    },
    "TensorFlow's weights and a safetensors file of another name": {
      files: { "tf_model.h5": "", "adapter_model.safetensors": "" },
      message: /found no such file, but adapter_model\.safetensors, tf_model\.h5/,
    },
    "no weights": { files: {}, message: /model\.safetensors: found no such file, expected a checkpoint's/ },
  };

for (const [fault, { files, message }] of Object.entries(refused)) {
  Deno.test(`a checkpoint is refused that has ${fault}`, async () => {
    await inFolder(async (root) => {
      const folder = await folderOf(root, files);
      await assert.rejects(readWeights(folder), (error) => {
        assert.ok(error instanceof InputError);
        assert.match(error.message, message);
        return true;
      });
    });
  });
}

Deno.test("a folder that isn't there is the user's mistake", async () => {
  await assert.rejects(readWeights("missing"), InputError);
});

Deno.test("RoBERTa's weights are refused under BERT's configuration, though their shapes are the same", async () => {
  await inFolder(async (root) => {
    const from = fixture("roberta-tiny-random");
    const config = JSON.parse(await Deno.readTextFile(join(from, "config.json")));
    const folder = await folderOf(root, { "config.json": { ...config, model_type: "bert" } });
    await Deno.copyFile(join(from, "model.safetensors"), join(folder, "model.safetensors"));
    await assert.rejects(
      readCheckpoint(folder),
      /config\.json: found a model of the type bert, whose weights have "roberta\./,
    );
  });
});

Deno.test("a Git LFS pointer for config.json is named for what it is", async () => {
  await inFolder(async (root) => {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
    const folder = await folderOf(root, { "config.json": pointer });
    await assert.rejects(readCheckpoint(folder), /config\.json: found a Git LFS pointer, .*git lfs pull/s);
  });
});
