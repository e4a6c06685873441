import type { Graph, Tensor } from "../graph/graph.ts";
import { add, matmul, vocabularyCrossEntropy } from "../graph/ops.ts";
import type { Attend, Wanted } from "./attention.ts";
import { bert, type BertTokens, embeddingProjection, wordEmbeddings } from "./bert.ts";
import type { TransformerConfig } from "./config.ts";
import { gpt2, gpt2WordEmbeddings } from "./gpt2.ts";
import { type Drop, linearWeights } from "./layers.ts";

/** The name of the bias that a decoder made of an encoder adds to its logits; GPT-2 has none. */
export const decoderBias = "decoder.bias";

/**
 * Builds a causal language model and returns its hidden states [tokens, hidden], or only those of the
 * `wanted` tokens [wanted, hidden]. `attend` must be causal.
 */
export function decode(
  graph: Graph,
  config: TransformerConfig,
  tokens: BertTokens,
  attend: Attend,
  drop: Drop,
  wanted?: Wanted,
): Tensor {
  const model = config.family === "gpt2" ? gpt2 : bert;
  return model(graph, config, tokens, attend, drop, wanted);
}

/**
 * Computes the logits of the next token, with the input's embedding as the output's: hidden [rows, hidden]
 * gives [rows, vocabulary].
 */
export function nextTokenLogits(graph: Graph, config: TransformerConfig, hidden: Tensor): Tensor {
  const { table, bias } = output(graph, config);
  const logits = matmul(toEmbeddings(graph, config, hidden), table, { transposeB: true });
  return bias ? add(logits, bias) : logits;
}

/**
 * Computes the cross-entropy of the next tokens [rows] (int32) under these logits: hidden [rows, hidden]
 * gives [rows].
 */
export function nextTokenLosses(
  graph: Graph,
  config: TransformerConfig,
  hidden: Tensor,
  next: Tensor,
): Tensor {
  const { table, bias } = output(graph, config);
  return vocabularyCrossEntropy(toEmbeddings(graph, config, hidden), table, next, bias);
}

/**
 * Brings states back to the width of the embeddings, by the transpose of the projection that embeddings go
 * through: hidden [rows, hidden] gives [rows, embedding].
 */
function toEmbeddings(
  graph: Graph,
  { embeddingSize, hiddenSize }: TransformerConfig,
  hidden: Tensor,
): Tensor {
  if (embeddingSize === hiddenSize) return hidden;
  return matmul(hidden, linearWeights(graph, embeddingProjection, embeddingSize, hiddenSize).weight);
}

function output(graph: Graph, config: TransformerConfig): { readonly table: Tensor; readonly bias?: Tensor } {
  const { vocabularySize, embeddingSize } = config;
  const table = graph.variable(`${wordEmbeddingsOf(config)}.weight`, [vocabularySize, embeddingSize]).value;
  return config.family === "gpt2"
    ? { table }
    : { table, bias: graph.variable(decoderBias, [vocabularySize]).value };
}

/** Returns the name of the table of word embeddings, without `.weight`. */
export function wordEmbeddingsOf({ family }: TransformerConfig): string {
  return family === "gpt2" ? gpt2WordEmbeddings : wordEmbeddings;
}
