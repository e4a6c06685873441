import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { readJson } from "./json.ts";

const activation = z.enum(["gelu", "gelu_new"]);

/** The schema of a model's configuration, as a trained model's folder keeps it. */
export const transformerConfig = z.object({
  family: z.enum(["bert", "roberta", "gpt2"]),
  vocabularySize: z.int(),
  hiddenSize: z.int(),
  layers: z.int(),
  heads: z.int(),
  feedForwardSize: z.int(),
  maxPositions: z.int(),
  typeCount: z.int().describe(
    "How many kinds of segments the embeddings tell apart; 0 where there are none.",
  ),
  firstPosition: z.int().describe(
    "Position of the first token. RoBERTa counts from its pad id + 1, the others from 0.",
  ),
  layerNormEpsilon: z.number(),
  activation,
  embeddingDropout: z.number(),
  hiddenDropout: z.number(),
  attentionDropout: z.number(),
  headDropout: z.number().describe("The dropout of a classifier's head, which a language model has none of."),
}).readonly();

/** The sizes and constants of a transformer, as its config.json gives them. */
export type TransformerConfig = z.output<typeof transformerConfig>;

const bertConfig = z.object({
  model_type: z.enum(["bert", "roberta"]),
  vocab_size: z.int(),
  hidden_size: z.int(),
  num_hidden_layers: z.int(),
  num_attention_heads: z.int(),
  intermediate_size: z.int(),
  max_position_embeddings: z.int(),
  type_vocab_size: z.int(),
  pad_token_id: z.int(),
  layer_norm_eps: z.number(),
  hidden_act: activation,
  hidden_dropout_prob: z.number(),
  attention_probs_dropout_prob: z.number(),
  classifier_dropout: z.number().nullish(),
  position_embedding_type: z.literal("absolute").default("absolute"),
}).transform((config): TransformerConfig => ({
  family: config.model_type,
  vocabularySize: config.vocab_size,
  hiddenSize: config.hidden_size,
  layers: config.num_hidden_layers,
  heads: config.num_attention_heads,
  feedForwardSize: config.intermediate_size,
  maxPositions: config.max_position_embeddings,
  typeCount: config.type_vocab_size,
  firstPosition: config.model_type === "roberta" ? config.pad_token_id + 1 : 0,
  layerNormEpsilon: config.layer_norm_eps,
  activation: config.hidden_act,
  embeddingDropout: config.hidden_dropout_prob,
  hiddenDropout: config.hidden_dropout_prob,
  attentionDropout: config.attention_probs_dropout_prob,
  headDropout: config.classifier_dropout ?? config.hidden_dropout_prob,
}));

const gpt2Config = z.object({
  model_type: z.literal("gpt2"),
  vocab_size: z.int(),
  n_embd: z.int(),
  n_layer: z.int(),
  n_head: z.int(),
  n_inner: z.int().nullish(),
  n_positions: z.int(),
  layer_norm_epsilon: z.number(),
  activation_function: activation,
  embd_pdrop: z.number(),
  resid_pdrop: z.number(),
  attn_pdrop: z.number(),
  scale_attn_weights: z.literal(true).default(true),
  scale_attn_by_inverse_layer_idx: z.literal(false).default(false),
}).transform((config): TransformerConfig => ({
  family: config.model_type,
  vocabularySize: config.vocab_size,
  hiddenSize: config.n_embd,
  layers: config.n_layer,
  heads: config.n_head,
  feedForwardSize: config.n_inner ?? 4 * config.n_embd,
  maxPositions: config.n_positions,
  typeCount: 0,
  firstPosition: 0,
  layerNormEpsilon: config.layer_norm_epsilon,
  activation: config.activation_function,
  embeddingDropout: config.embd_pdrop,
  hiddenDropout: config.resid_pdrop,
  attentionDropout: config.attn_pdrop,
  headDropout: 0,
}));

/** Reads `config.json` of a BERT, RoBERTa or GPT-2 checkpoint folder. Throws InputError where it is none. */
export function readConfig(folder: string): Promise<TransformerConfig> {
  return readJson(join(folder, "config.json"), z.discriminatedUnion("model_type", [bertConfig, gpt2Config]), {
    expected: "the configuration of a BERT, RoBERTa or GPT-2 model",
    fix: "Name the folder that holds such a model's config.json, model.safetensors and tokenizer.json.",
  });
}

/** Returns the configuration of the same model with this rate for every dropout. */
export function withDropout(config: TransformerConfig, rate: number): TransformerConfig {
  return {
    ...config,
    embeddingDropout: rate,
    hiddenDropout: rate,
    attentionDropout: rate,
    headDropout: rate,
  };
}

/** Throws InputError where more `layers` are asked for than a checkpoint has. */
export function checkLayers(layers: number | undefined, has: number): void {
  if (layers === undefined || layers <= has) return;
  throw new InputError({
    found: `layers = ${layers}`,
    expected: `at most ${has}, the layers that the checkpoint has`,
  });
}

/**
 * Throws InputError where `tokens` are more than the positions that a model has. `parameters` names those
 * that decide the number of tokens.
 */
export function checkLength(tokens: number, parameters: string, positions: number): void {
  if (tokens <= positions) return;
  throw new InputError({
    found: `${parameters} = ${tokens}`,
    expected: `at most ${positions}, the positions that the checkpoint has`,
  });
}
