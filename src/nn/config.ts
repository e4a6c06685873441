import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { parseJson } from "./json.ts";

/** The sizes and constants of a transformer, as its config.json gives them; nothing of it is assumed. */
export interface TransformerConfig {
  readonly family: "bert" | "roberta" | "gpt2";
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForwardSize: number;
  readonly maxPositions: number;
  /** How many kinds of segments the embeddings tell apart; 0 where there are none. */
  readonly typeCount: number;
  /** Position of the first token. RoBERTa counts from its pad id + 1, the others from 0. */
  readonly firstPosition: number;
  readonly layerNormEpsilon: number;
  readonly activation: "gelu" | "gelu_new";
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
}

const activation = z.enum(["gelu", "gelu_new"]);

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
  hiddenDropout: config.hidden_dropout_prob,
  attentionDropout: config.attention_probs_dropout_prob,
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
  resid_pdrop: z.number(),
  attn_pdrop: z.number(),
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
  hiddenDropout: config.resid_pdrop,
  attentionDropout: config.attn_pdrop,
}));

/** Reads `config.json` of a checkpoint folder (BERT, RoBERTa or GPT-2). Throws InputError where it isn't one of those. */
export async function readConfig(folder: string): Promise<TransformerConfig> {
  const file = join(folder, "config.json");
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new InputError({
      at: { file },
      found: "no readable file",
      expected: "the config.json of a checkpoint",
      fix: "Name the folder that holds config.json, model.safetensors and tokenizer.json.",
    }, { cause });
  });
  const parsed = z.union([bertConfig, gpt2Config]).safeParse(parseJson(file, text));
  if (parsed.success) return parsed.data;
  throw new InputError({
    at: { file },
    found: z.prettifyError(parsed.error).replaceAll("\n", " "),
    expected: "the configuration of a BERT, RoBERTa or GPT-2 model",
  });
}

/** Throws InputError where `tokens`, which the parameters named decide, are more than a model has positions for. */
export function checkLength(tokens: number, parameters: string, positions: number): void {
  if (tokens <= positions) return;
  throw new InputError({
    found: `${parameters} = ${tokens}`,
    expected: `at most ${positions}, the positions that the checkpoint has`,
  });
}
