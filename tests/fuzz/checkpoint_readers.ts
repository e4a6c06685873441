/** Reads the files of checkpoints. */

import { join } from "node:path";
import { readCheckpoint } from "../../src/nn/checkpoint.ts";
import { readConfig } from "../../src/nn/read_config.ts";
import { readSafetensors } from "../../src/nn/safetensors.ts";
import { loadTokenizer } from "../../src/nn/tokenizer.ts";
import { readWeights } from "../../src/nn/weight_files.ts";
import { fixture } from "../fixtures.ts";
import { folders } from "../nn/token_id_cases.ts";
import { jsonOf, type Reader, texts } from "./reader.ts";

const families = ["bert", "roberta", "gpt2"];
const configs = families.map((family) =>
  Deno.readTextFileSync(join(fixture(`${family}-tiny-random`), "config.json"))
);
const withoutType = configs[0].replace('"model_type": "bert",', "");

const header = JSON.stringify({
  __metadata__: { format: "pt" },
  a: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
  "b.weight": { dtype: "BF16", shape: [1, 2], data_offsets: [8, 12] },
  c: { dtype: "I64", shape: [], data_offsets: [12, 20] },
});

function withLength(header: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 + header.length + 20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  return bytes;
}

const tokenizers = ["bert", "tokenizer.json as it is, no normalizer", "roberta", "gpt2"].map((name) => {
  const folder = folders[name];
  if (!folder) throw new Error(`no tokenizer "${name}"`);
  return folder;
});
const tokenizerFile = (name: string) => jsonOf(...tokenizers.map((folder) => folder[name]));
const probe = "Hello the cat's 日本 é [MASK] <x> \u0301";

async function tokenize(folder: string): Promise<void> {
  const tokenizer = await loadTokenizer(folder);
  const { ids } = tokenizer.encode(probe, probe, 64);
  tokenizer.decode(ids);
}

export const checkpointReaders: readonly Reader[] = [
  { name: "readConfig", corpus: texts(...configs, withoutType), file: "config.json", read: readConfig },
  {
    name: "loadTokenizer of tokenizer.json",
    corpus: tokenizerFile("tokenizer.json"),
    file: "tokenizer.json",
    others: { "tokenizer_config.json": "{}" },
    read: tokenize,
  },
  {
    name: "loadTokenizer of tokenizer_config.json",
    corpus: [
      ...tokenizerFile("tokenizer_config.json"),
      ...jsonOf({
        tokenizer_class: "BertTokenizer",
        added_tokens_decoder: { "188": { content: "<x>", lstrip: true, special: true } },
        additional_special_tokens: ["<x>", { __type: "AddedToken", content: "é" }],
      }),
    ],
    file: "tokenizer_config.json",
    others: { "tokenizer.json": JSON.stringify(tokenizers[0]["tokenizer.json"]) },
    read: tokenize,
  },
  {
    name: "loadTokenizer of special_tokens_map.json",
    corpus: jsonOf({ unk_token: "[UNK]", mask_token: { content: "[MASK]", lstrip: false } }),
    file: "special_tokens_map.json",
    others: {
      "tokenizer.json": JSON.stringify(tokenizers[0]["tokenizer.json"]),
      "tokenizer_config.json": '{"tokenizer_class": "BertTokenizer"}',
    },
    read: tokenize,
  },
  {
    name: "readSafetensors",
    corpus: [withLength(texts(header)[0])],
    file: "model.safetensors",
    read: (folder) => readSafetensors(join(folder, "model.safetensors")),
  },
  {
    name: "readSafetensors of a header",
    corpus: texts(header),
    file: "header",
    read: async (folder, bytes) => {
      await Deno.writeFile(join(folder, "model.safetensors"), withLength(bytes));
      await readSafetensors(join(folder, "model.safetensors"));
    },
  },
  {
    name: "readCheckpoint",
    corpus: texts(JSON.stringify({
      "transformer.h.0.attn.c_attn.weight": { dtype: "F32", shape: [1, 3], data_offsets: [0, 12] },
      "transformer.h.0.mlp.c_fc.bias": { dtype: "F16", shape: [2], data_offsets: [12, 16] },
      "transformer.ln_f.LayerNorm.gamma": { dtype: "BF16", shape: [2, 1], data_offsets: [16, 20] },
    })),
    file: "header",
    others: { "config.json": configs[2] },
    read: async (folder, bytes) => {
      await Deno.writeFile(join(folder, "model.safetensors"), withLength(bytes));
      await readCheckpoint(folder);
    },
  },
  {
    name: "readWeights of an index",
    corpus: jsonOf({
      metadata: { total_size: 20 },
      weight_map: { a: "one.safetensors", c: "one.safetensors" },
    }),
    file: "model.safetensors.index.json",
    others: { "one.safetensors": withLength(texts(header)[0]) },
    read: readWeights,
  },
];
