import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../src/errors.ts";
import { readConfig } from "../../src/nn/read_config.ts";
import { inFolder } from "../in_folder.ts";

const bert = {
  ...{ model_type: "bert", vocab_size: 30, hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 2 },
  ...{ intermediate_size: 32, max_position_embeddings: 64, type_vocab_size: 2, pad_token_id: 0 },
  ...{ layer_norm_eps: 1e-12, hidden_act: "gelu" },
  ...{ hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.2 },
};
const electra = { ...bert, model_type: "electra", embedding_size: 8 };
const mpnet = { ...bert, model_type: "mpnet", relative_attention_num_buckets: 32 };
const distilbert = {
  ...{ model_type: "distilbert", vocab_size: 30, dim: 16, n_layers: 2, n_heads: 2, hidden_dim: 32 },
  ...{ max_position_embeddings: 64, activation: "gelu", sinusoidal_pos_embds: false },
  ...{ dropout: 0.1, attention_dropout: 0.2, seq_classif_dropout: 0.3 },
};
const gpt2 = {
  ...{ model_type: "gpt2", vocab_size: 30, n_embd: 16, n_layer: 2, n_head: 2, n_positions: 64 },
  ...{ layer_norm_epsilon: 1e-5, activation_function: "gelu_new" },
  ...{ embd_pdrop: 0.1, resid_pdrop: 0.2, attn_pdrop: 0.3 },
};

async function read(config: object) {
  let result: Awaited<ReturnType<typeof readConfig>> | undefined;
  await inFolder(async (folder) => {
    await writeFile(join(folder, "config.json"), JSON.stringify(config));
    result = await readConfig(folder);
  });
  return result!;
}

Deno.test("each rate of dropout is its own", async () => {
  const rates = async (config: object) => {
    const { embeddingDropout, hiddenDropout, attentionDropout, headDropout } = await read(config);
    return [embeddingDropout, hiddenDropout, attentionDropout, headDropout];
  };
  assert.deepEqual(await rates(bert), [0.1, 0.1, 0.2, 0.1]);
  assert.deepEqual(await rates({ ...bert, classifier_dropout: null }), [0.1, 0.1, 0.2, 0.1]);
  assert.deepEqual(await rates({ ...bert, classifier_dropout: 0.4 }), [0.1, 0.1, 0.2, 0.4]);
  assert.deepEqual(await rates({ ...electra, classifier_dropout: 0.4 }), [0.1, 0.1, 0.2, 0.4]);
  assert.deepEqual(await rates({ ...mpnet, classifier_dropout: 0.4 }), [0.1, 0.1, 0.2, 0.1]);
  assert.deepEqual(await rates(distilbert), [0.1, 0.1, 0.2, 0.3]);
  assert.deepEqual(await rates(gpt2), [0.1, 0.2, 0.3, 0]);
});

Deno.test("a configuration as BERT's first checkpoints have it is BERT's, with the library's defaults", async () => {
  const { vocab_size, hidden_size, num_hidden_layers, num_attention_heads } = bert;
  const { intermediate_size, max_position_embeddings } = bert;
  const sizes = { vocab_size, hidden_size, num_hidden_layers, num_attention_heads };
  const first = { ...sizes, intermediate_size, max_position_embeddings, directionality: "bidi" };
  const defaults = { ...bert, attention_probs_dropout_prob: 0.1 };
  assert.deepEqual(await read(first), await read(defaults));
  assert.deepEqual(await read({ ...first, architectures: ["BertForMaskedLM"] }), await read(defaults));
});

Deno.test("each family's names for its sizes are read", async () => {
  const sizes = async (config: object) => {
    const { vocabularySize, embeddingSize, hiddenSize, layers, heads, feedForwardSize, ...other } =
      await read(config);
    const { maxPositions, typeCount, firstPosition, relativeBuckets } = other;
    return [
      ...[vocabularySize, embeddingSize, hiddenSize, layers, heads, feedForwardSize],
      ...[maxPositions, typeCount, firstPosition, relativeBuckets],
    ];
  };
  assert.deepEqual(await sizes(bert), [30, 16, 16, 2, 2, 32, 64, 2, 0, 0]);
  assert.deepEqual(await sizes(electra), [30, 8, 16, 2, 2, 32, 64, 2, 0, 0]);
  assert.deepEqual(await sizes(mpnet), [30, 16, 16, 2, 2, 32, 64, 0, 2, 32]);
  assert.deepEqual(await sizes(distilbert), [30, 16, 16, 2, 2, 32, 64, 0, 0, 0]);
  assert.deepEqual(await sizes(gpt2), [30, 16, 16, 2, 2, 64, 64, 0, 0, 0]);
});

Deno.test("what RoBERTa's and GPT-2's configurations leave out has the library's defaults", async () => {
  const { pad_token_id: _, ...roberta } = { ...bert, model_type: "roberta" };
  assert.equal((await read(roberta)).firstPosition, 2);
  const { layer_norm_epsilon, activation_function, embd_pdrop, resid_pdrop, attn_pdrop, ...sizes } = gpt2;
  const filled = { layer_norm_epsilon, activation_function, embd_pdrop, resid_pdrop, attn_pdrop };
  const expected = { ...sizes, ...filled, resid_pdrop: 0.1, attn_pdrop: 0.1 };
  assert.deepEqual(await read(sizes), await read(expected));
});

const refused: Record<string, { readonly config: object; readonly message: RegExp }> = {
  "relative positions": {
    config: { ...bert, position_embedding_type: "relative_key" },
    message: /config\.json: found .*position_embedding_type/,
  },
  "attention scaled by the layer": {
    config: { ...gpt2, scale_attn_by_inverse_layer_idx: true },
    message: /config\.json: found .*scale_attn_by_inverse_layer_idx/,
  },
  "attention that isn't scaled": {
    config: { ...gpt2, scale_attn_weights: false },
    message: /config\.json: found .*scale_attn_weights/,
  },
  "a dropout that leaves nothing": {
    config: { ...bert, hidden_dropout_prob: 1 },
    message: /config\.json: found .*hidden_dropout_prob/,
  },
  "a head's dropout below 0": {
    config: { ...bert, classifier_dropout: -0.5 },
    message: /config\.json: found .*classifier_dropout/,
  },
  "a size that is missing": {
    config: { ...bert, hidden_size: undefined },
    message: /config\.json: found .*hidden_size/,
  },
  "heads that don't divide the hidden size": {
    config: { ...bert, num_attention_heads: 3 },
    message: /config\.json: found a hidden size of 16 and 3 attention heads/,
  },
  "another activation": {
    config: { ...bert, hidden_act: "relu" },
    message: /config\.json: found .*"relu" is not supported, only gelu, gelu_new.*hidden_act/,
  },
  "another number of buckets than the library's code has": {
    config: { ...mpnet, relative_attention_num_buckets: 16 },
    message: /config\.json: found .*16 is not supported, only 32.*relative_attention_num_buckets/,
  },
  "ELECTRA's type without the width of its embeddings": {
    config: { ...electra, embedding_size: undefined },
    message: /config\.json: found .*embedding_size/,
  },
  "attention to what comes before alone": {
    config: { ...bert, is_decoder: true },
    message: /config\.json: found .*true is not supported.*is_decoder/,
  },
  "quantized weights": {
    config: { ...bert, quantization_config: { bits: 8 } },
    message: /config\.json: found .*quantized weights are not supported.*quantization_config/,
  },
  "another family that is named": {
    config: { ...bert, model_type: "deberta" },
    message:
      /found model_type deberta, expected one of those supported: bert, roberta, distilbert, electra, mpnet, gpt2/,
  },
  "no type, and positions as RoBERTa counts them": {
    config: { ...bert, model_type: undefined, pad_token_id: 1 },
    message: /config\.json: found no model_type, and pad_token_id = 1, which speaks against BERT/,
  },
  "no type, and RoBERTa's one kind of segments": {
    config: { ...bert, model_type: undefined, type_vocab_size: 1 },
    message: /config\.json: found no model_type, and type_vocab_size = 1/,
  },
  "no type, and the name of another architecture": {
    config: { ...bert, model_type: undefined, architectures: ["RobertaModel"] },
    message: /config\.json: found no model_type, and architectures = \["RobertaModel"\]/,
  },
  "no type, and a field that BERT hasn't": {
    config: { ...bert, model_type: undefined, embedding_size: 8 },
    message: /config\.json: found no model_type, and embedding_size = 8/,
  },
  "another family": { config: { ...bert, model_type: "t5" }, message: /config\.json: found .*model_type/ },
};

for (const [fault, { config, message }] of Object.entries(refused)) {
  Deno.test(`a config.json is refused that has ${fault}`, async () => {
    await assert.rejects(read(config), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("architectures that are no names speak against BERT, however deep they are nested", async () => {
  const deep = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
  for (const architectures of ["1", '[["BertModel"]]', deep]) {
    await inFolder(async (folder) => {
      await writeFile(join(folder, "config.json"), `{"architectures": [${architectures}]}`);
      await assert.rejects(readConfig(folder), (error) => {
        assert.ok(error instanceof InputError && error.message.length < 2000);
        assert.match(
          error.message,
          /config\.json: found no model_type, and architectures = \[.*, expected one of/,
        );
        return true;
      });
    });
  }
});
