/** The schemas of `config.json`, one for each family. Each turns its family's names into ours. */

import { z } from "zod";
import { activations, type TransformerConfig } from "./config.ts";
import type { Family } from "./family.ts";

/** Allows a field nothing but this value, which it also has where it is missing. */
function only<const Value extends string | boolean | number>(value: Value) {
  const error = ({ input }: { readonly input?: unknown }) =>
    `${JSON.stringify(input)} is not supported, only ${JSON.stringify(value)}`;
  return z.literal(value, { error }).default(value as never);
}

function activation(byDefault: (typeof activations)[number]) {
  const error = ({ input }: { readonly input?: unknown }) =>
    `${JSON.stringify(input)} is not supported, only ${activations.join(", ")}`;
  return z.enum(activations, { error }).default(byDefault);
}

const unsupported = {
  quantization_config: z.undefined("quantized weights are not supported").optional(),
  add_cross_attention: only(false),
};

// Sizes have no defaults here, though the library has some: of a wrong number of heads or layers nothing else
// in a checkpoint would tell.
const size = z.int().positive();
const layers = size.max(1000);
const dropoutRate = z.number().min(0).lt(1);
const rate = dropoutRate.default(0.1);

/** The fields that BERT, RoBERTa, ELECTRA and MPNet share. */
const bertFields = {
  ...unsupported,
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: layers,
  num_attention_heads: size,
  intermediate_size: size,
  max_position_embeddings: size,
  layer_norm_eps: z.number().default(1e-12),
  hidden_act: activation("gelu"),
  hidden_dropout_prob: rate,
  attention_probs_dropout_prob: rate,
  is_decoder: only(false),
};

/** The fields that BERT, RoBERTa and ELECTRA share beside those. */
const segmentFields = {
  type_vocab_size: size.default(2),
  classifier_dropout: dropoutRate.nullish(),
  position_embedding_type: only("absolute"),
};

function fromBertFields(family: Family, config: z.output<z.ZodObject<typeof bertFields>>): TransformerConfig {
  return {
    family,
    vocabularySize: config.vocab_size,
    embeddingSize: config.hidden_size,
    hiddenSize: config.hidden_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    feedForwardSize: config.intermediate_size,
    maxPositions: config.max_position_embeddings,
    typeCount: 0,
    firstPosition: 0,
    relativeBuckets: 0,
    layerNormEpsilon: config.layer_norm_eps,
    activation: config.hidden_act,
    embeddingDropout: config.hidden_dropout_prob,
    hiddenDropout: config.hidden_dropout_prob,
    attentionDropout: config.attention_probs_dropout_prob,
    headDropout: config.hidden_dropout_prob,
  };
}

const bertConfig = z.object({
  ...bertFields,
  ...segmentFields,
  model_type: z.enum(["bert", "roberta"]),
  pad_token_id: z.int().nonnegative().optional(),
}).transform((config): TransformerConfig => ({
  ...fromBertFields(config.model_type, config),
  typeCount: config.type_vocab_size,
  firstPosition: config.model_type === "roberta" ? (config.pad_token_id ?? 1) + 1 : 0,
  headDropout: config.classifier_dropout ?? config.hidden_dropout_prob,
}));

const electraConfig = z.object({ ...bertFields, ...segmentFields, embedding_size: size }).transform((
  config,
): TransformerConfig => ({
  ...fromBertFields("electra", config),
  embeddingSize: config.embedding_size,
  typeCount: config.type_vocab_size,
  headDropout: config.classifier_dropout ?? config.hidden_dropout_prob,
}));

const mpnetConfig = z.object({
  ...bertFields,
  // The library takes it for the size of the table, but counts buckets as if it were 32.
  relative_attention_num_buckets: only(32),
}).transform((config): TransformerConfig => ({
  ...fromBertFields("mpnet", config),
  firstPosition: 2, // the library's code takes 1 for the pad id, whatever config.json says
  relativeBuckets: config.relative_attention_num_buckets,
}));

const distilbertConfig = z.object({
  ...unsupported,
  vocab_size: size,
  dim: size,
  n_layers: layers,
  n_heads: size,
  hidden_dim: size,
  max_position_embeddings: size,
  activation: activation("gelu"),
  dropout: rate,
  attention_dropout: rate,
  seq_classif_dropout: rate.default(0.2),
}).transform((config): TransformerConfig => ({
  family: "distilbert",
  vocabularySize: config.vocab_size,
  embeddingSize: config.dim,
  hiddenSize: config.dim,
  layers: config.n_layers,
  heads: config.n_heads,
  feedForwardSize: config.hidden_dim,
  maxPositions: config.max_position_embeddings,
  typeCount: 0,
  firstPosition: 0,
  relativeBuckets: 0,
  layerNormEpsilon: 1e-12,
  activation: config.activation,
  embeddingDropout: config.dropout,
  hiddenDropout: config.dropout,
  attentionDropout: config.attention_dropout,
  headDropout: config.seq_classif_dropout,
}));

const gpt2Config = z.object({
  ...unsupported,
  vocab_size: size,
  n_embd: size,
  n_layer: layers,
  n_head: size,
  n_inner: size.nullish(),
  n_positions: size,
  layer_norm_epsilon: z.number().default(1e-5),
  activation_function: activation("gelu_new"),
  embd_pdrop: rate,
  resid_pdrop: rate,
  attn_pdrop: rate,
  scale_attn_weights: only(true),
  scale_attn_by_inverse_layer_idx: only(false),
}).transform((config): TransformerConfig => ({
  family: "gpt2",
  vocabularySize: config.vocab_size,
  embeddingSize: config.n_embd,
  hiddenSize: config.n_embd,
  layers: config.n_layer,
  heads: config.n_head,
  feedForwardSize: config.n_inner ?? 4 * config.n_embd,
  maxPositions: config.n_positions,
  typeCount: 0,
  firstPosition: 0,
  relativeBuckets: 0,
  layerNormEpsilon: config.layer_norm_epsilon,
  activation: config.activation_function,
  embeddingDropout: config.embd_pdrop,
  hiddenDropout: config.resid_pdrop,
  attentionDropout: config.attn_pdrop,
  headDropout: 0,
}));

/** The schema of each family's `config.json`. */
export const configSchemas = {
  bert: bertConfig,
  roberta: bertConfig,
  distilbert: distilbertConfig,
  electra: electraConfig,
  mpnet: mpnetConfig,
  gpt2: gpt2Config,
} as const satisfies Readonly<Record<Family, z.ZodType<TransformerConfig>>>;
