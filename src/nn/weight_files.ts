/** Reads the weights of a checkpoint from the file, or the files, that hold them. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import type { Weight } from "../graph/weights.ts";
import { readJson } from "./json.ts";
import { readSafetensors } from "./safetensors.ts";

const single = "model.safetensors";
const indexName = "model.safetensors.index.json";

/** Weights in formats that aren't read here, by the names of their files. */
const otherFormats = /^(pytorch_model.*\.bin|tf_model\.h5|flax_model\.msgpack|.*\.(ckpt.*|pth?|onnx|gguf))$/;

const indexSchema = z.looseObject({
  weight_map: z.record(z.string(), z.string().regex(/^[\w.-]+\.safetensors$/, "expected a file's name")),
});

/**
 * Reads all tensors of a checkpoint: those of `model.safetensors`, or else of the files that
 * `model.safetensors.index.json` lists. Throws InputError for broken files, and where there are none.
 */
export async function readWeights(folder: string): Promise<Map<string, Weight>> {
  const names = readNames(folder);
  if (names.includes(single)) return await readSafetensors(join(folder, single));
  if (names.includes(indexName)) return await readParts(folder, join(folder, indexName));
  const others = names.filter((name) => otherFormats.test(name) || name.endsWith(".safetensors"));
  throw new InputError({
    at: { file: join(folder, single) },
    found: others.length > 0 ? `no such file, but ${others.join(", ")}` : "no such file",
    expected: `a checkpoint's weights, in it or in the files that ${indexName} lists`,
    fix: others.length > 0
      ? "Convert the weights, in transformers by " +
        `\`AutoModel.from_pretrained("${folder}").save_pretrained("${folder}")\`.`
      : "Name the folder that holds a model's config.json, model.safetensors and tokenizer.json.",
  });
}

async function readParts(folder: string, index: string): Promise<Map<string, Weight>> {
  const { weight_map } = await readJson(index, indexSchema, {
    expected: "the list of the files that hold each tensor",
    fix: "Restore the file from where the checkpoint came from.",
  });
  const tensors = new Map<string, Weight>();
  for (const [part, entries] of Map.groupBy(Object.entries(weight_map), ([, file]) => file)) {
    const held = await readSafetensors(join(folder, part));
    for (const [name] of entries) {
      const tensor = held.get(name); // none where it holds integers
      if (tensor) tensors.set(name, tensor);
    }
  }
  return tensors;
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    throw new InputError({
      at: { file: folder },
      found: "no readable folder",
      expected: "the folder of a checkpoint",
      fix: "Name the folder that holds a model's config.json, model.safetensors and tokenizer.json.",
    }, { cause });
  }
}
