import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import type { TransformerConfig } from "./config.ts";
import { configSchemas } from "./config_json.ts";
import { families, type Family, isFamily } from "./family.ts";
import { conforming, readJson } from "./json.ts";

const supported = `one of those supported: ${families.join(", ")}`;
const described = {
  expected: `the configuration of a model whose type is ${supported}`,
  fix: "Name the folder that holds such a model's config.json, model.safetensors and tokenizer.",
};

/**
 * Reads `config.json` of a checkpoint's folder. Fields other than sizes have the transformers library's
 * defaults. Without `model_type`, as in BERT's first checkpoints, it is BERT's where nothing speaks against
 * that. Throws InputError where it is of no family that is supported.
 */
export async function readConfig(folder: string): Promise<TransformerConfig> {
  const file = join(folder, "config.json");
  const json = await readJson(file, z.looseObject({ model_type: z.string().optional() }), described);
  const model_type = json.model_type ?? assumedType(file, json);
  if (!isFamily(model_type)) {
    throw new InputError({
      at: { file },
      found: `model_type ${model_type}`,
      expected: supported,
      fix: "Choose a checkpoint of one of these families.",
    });
  }
  const config: TransformerConfig = conforming(file, { ...json, model_type }, configSchemas[model_type], {
    expected: `the configuration of a ${model_type} model that is supported`,
    fix: "Choose another checkpoint, or restore the file where it lacks a field.",
  });
  if (config.hiddenSize % config.heads === 0) return config;
  throw new InputError({
    at: { file },
    found: `a hidden size of ${config.hiddenSize} and ${config.heads} attention heads`,
    expected: "heads of equal sizes",
    fix: described.fix,
  });
}

/**
 * Returns the type of a model whose configuration doesn't name it: BERT's. Throws InputError where a field is
 * one that BERT hasn't, or has a value as in RoBERTa, whose weights have the same names and shapes.
 */
function assumedType(file: string, json: Readonly<Record<string, unknown>>): Family {
  const { architectures, type_vocab_size = 2, pad_token_id = 0 } = json;
  const foreign = [
    "embedding_size",
    "relative_attention",
    "relative_attention_num_buckets",
    "n_embd",
    "d_model",
  ]
    .find((name) => name in json);
  const names = Array.isArray(architectures) ? architectures : [architectures ?? "Bert"];
  const isBert = names.every((name) => typeof name === "string" && name.startsWith("Bert"));
  const against = foreign ??
    (!isBert ? "architectures" : undefined) ??
    (type_vocab_size !== 2 ? "type_vocab_size" : undefined) ??
    (pad_token_id !== 0 ? "pad_token_id" : undefined);
  if (against === undefined) return "bert";
  throw new InputError({
    at: { file },
    found: `no model_type, and ${against} = ${JSON.stringify(json[against])}, which speaks against BERT`,
    expected: supported,
    fix: `Add "model_type" to the file, if it is one of these.`,
  });
}
