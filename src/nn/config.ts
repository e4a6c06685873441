import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { conforming, readJson } from "./json.ts";

const activations = ["gelu", "gelu_new"] as const;

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
  activation: z.enum(activations),
  embeddingDropout: z.number(),
  hiddenDropout: z.number(),
  attentionDropout: z.number(),
  headDropout: z.number().describe("The dropout of a classifier's head, which a language model has none of."),
}).readonly();

/** The sizes and constants of a transformer, as its config.json gives them. */
export type TransformerConfig = z.output<typeof transformerConfig>;

/** Allows a field nothing but this value, which it also has where it is missing. */
function only<const Value extends string | boolean>(value: Value) {
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
const rate = z.number().min(0).max(1).default(0.1);

const bertConfig = z.object({
  ...unsupported,
  model_type: z.enum(["bert", "roberta"]),
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: layers,
  num_attention_heads: size,
  intermediate_size: size,
  max_position_embeddings: size,
  type_vocab_size: size.default(2),
  pad_token_id: z.int().nonnegative().optional(),
  layer_norm_eps: z.number().default(1e-12),
  hidden_act: activation("gelu"),
  hidden_dropout_prob: rate,
  attention_probs_dropout_prob: rate,
  classifier_dropout: z.number().nullish(),
  position_embedding_type: only("absolute"),
  is_decoder: only(false),
}).transform((config): TransformerConfig => ({
  family: config.model_type,
  vocabularySize: config.vocab_size,
  hiddenSize: config.hidden_size,
  layers: config.num_hidden_layers,
  heads: config.num_attention_heads,
  feedForwardSize: config.intermediate_size,
  maxPositions: config.max_position_embeddings,
  typeCount: config.type_vocab_size,
  firstPosition: config.model_type === "roberta" ? (config.pad_token_id ?? 1) + 1 : 0,
  layerNormEpsilon: config.layer_norm_eps,
  activation: config.hidden_act,
  embeddingDropout: config.hidden_dropout_prob,
  hiddenDropout: config.hidden_dropout_prob,
  attentionDropout: config.attention_probs_dropout_prob,
  headDropout: config.classifier_dropout ?? config.hidden_dropout_prob,
}));

const gpt2Config = z.object({
  ...unsupported,
  model_type: z.literal("gpt2"),
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

const described = {
  expected: "the configuration of a BERT, RoBERTa or GPT-2 model",
  fix: "Name the folder that holds such a model's config.json, model.safetensors and tokenizer.json.",
};
const families = ["bert", "roberta", "gpt2"];

/**
 * Reads `config.json` of a BERT, RoBERTa or GPT-2 checkpoint folder. Fields other than sizes have the
 * transformers library's defaults. Without `model_type`, as in BERT's first checkpoints, it is BERT's where
 * nothing speaks against that. Throws InputError where it is none of these.
 */
export async function readConfig(folder: string): Promise<TransformerConfig> {
  const file = join(folder, "config.json");
  const json = await readJson(file, z.looseObject({ model_type: z.string().optional() }), described);
  const model_type = json.model_type ?? assumedType(file, json);
  if (!families.includes(model_type)) {
    throw new InputError({
      at: { file },
      found: `model_type ${model_type}`,
      expected: `one of those supported: ${families.join(", ")}`,
      fix: "Choose a checkpoint of one of these families.",
    });
  }
  const schema = model_type === "gpt2" ? gpt2Config : bertConfig;
  const config = conforming(file, { ...json, model_type }, schema, {
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
function assumedType(file: string, json: Readonly<Record<string, unknown>>): string {
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
    expected: `one of those supported: ${families.join(", ")}`,
    fix: `Add "model_type" to the file, if it is one of these.`,
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
