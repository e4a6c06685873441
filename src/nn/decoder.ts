import type { Graph, Tensor } from "../graph/graph.ts";
import { add, matmul, vocabularyCrossEntropy } from "../graph/ops.ts";
import type { Attend, Wanted } from "./attention.ts";
import { bert, type BertTokens, wordEmbeddings } from "./bert.ts";
import type { TransformerConfig } from "./config.ts";
import { gpt2, gpt2WordEmbeddings } from "./gpt2.ts";
import type { Drop } from "./layers.ts";

/** Added to the logits of a decoder made of BERT; GPT-2 has none. */
export const decoderBias = "decoder.bias";

/** The hidden states of a causal language model, [tokens, hidden], or of `wanted` tokens alone; they must attend causally. */
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

/** Logits of the next token, with the output embedding tied to the input's: hidden [rows, hidden] gives [rows, vocabulary]. */
export function nextTokenLogits(graph: Graph, config: TransformerConfig, hidden: Tensor): Tensor {
  const { table, bias } = output(graph, config);
  const logits = matmul(hidden, table, { transposeB: true });
  return bias ? add(logits, bias) : logits;
}

/** The cross-entropy of the next tokens [rows] (int32) under these logits: hidden [rows, hidden] gives [rows]. */
export function nextTokenLosses(
  graph: Graph,
  config: TransformerConfig,
  hidden: Tensor,
  next: Tensor,
): Tensor {
  const { table, bias } = output(graph, config);
  return vocabularyCrossEntropy(hidden, table, next, bias);
}

function output(graph: Graph, config: TransformerConfig): { readonly table: Tensor; readonly bias?: Tensor } {
  const { vocabularySize, hiddenSize } = config;
  const table = graph.variable(`${wordEmbeddingsOf(config)}.weight`, [vocabularySize, hiddenSize]).value;
  return config.family === "gpt2"
    ? { table }
    : { table, bias: graph.variable(decoderBias, [vocabularySize]).value };
}

/** The name of the table of word embeddings. */
export function wordEmbeddingsOf({ family }: TransformerConfig): string {
  return family === "gpt2" ? gpt2WordEmbeddings : wordEmbeddings;
}
