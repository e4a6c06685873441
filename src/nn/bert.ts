import type { Graph, Tensor } from "../graph/graph.ts";
import { add, gather } from "../graph/ops.ts";
import type { Attend } from "./attention.ts";
import type { TransformerConfig } from "./config.ts";
import { type Drop, embed, linear, normalize, widen } from "./layers.ts";

/** What BERT and RoBERTa read of each packed token; all [tokens], int32. */
export interface BertTokens {
  readonly ids: Tensor;
  readonly positions: Tensor;
  /** The segment of each token; type 0 throughout where it isn't given. */
  readonly typeIds?: Tensor;
}

/**
 * BERT's and RoBERTa's transformer (Devlin et al. 2019): packed tokens give hidden states [tokens, hidden]. Whether it is an
 * encoder or a causal decoder is decided by `attend` alone. Variables bear the checkpoint's names.
 *
 * Given the first token of each row, `firsts` [rows], only their states are returned, [rows, hidden], and the last layer
 * computes nothing else.
 */
export function bert(
  graph: Graph,
  config: TransformerConfig,
  tokens: BertTokens,
  attend: Attend,
  drop: Drop,
  firsts?: Tensor,
): Tensor {
  let x = bertEmbeddings(graph, config, tokens, drop); // [tokens, hidden]
  for (let layer = 0; layer < config.layers; layer++) {
    const wanted = layer === config.layers - 1 ? firsts : undefined;
    x = bertLayer(graph, config, layer, x, attend, drop, wanted);
  }
  return x;
}

function bertEmbeddings(graph: Graph, config: TransformerConfig, tokens: BertTokens, drop: Drop): Tensor {
  const { vocabularySize, hiddenSize, maxPositions, layerNormEpsilon, hiddenDropout } = config;
  const words = embed(graph, tokens.ids, wordEmbeddings, vocabularySize, hiddenSize);
  const positions = embed(
    graph,
    tokens.positions,
    "embeddings.position_embeddings",
    maxPositions,
    hiddenSize,
  );
  const typeIds = tokens.typeIds ?? graph.constant([0], "int32");
  const types = embed(graph, typeIds, "embeddings.token_type_embeddings", config.typeCount, hiddenSize);
  const sum = add(add(words, positions), types);
  return drop(normalize(graph, sum, "embeddings.LayerNorm", layerNormEpsilon), hiddenDropout);
}

function bertLayer(
  graph: Graph,
  config: TransformerConfig,
  layer: number,
  x: Tensor,
  attend: Attend,
  drop: Drop,
  wanted?: Tensor,
): Tensor {
  const { hiddenSize, layerNormEpsilon, hiddenDropout } = config;
  const name = `encoder.layer.${layer}`;
  const queries = wanted ? gather(x, wanted) : x;
  const project = (of: Tensor, part: string) =>
    linear(graph, of, `${name}.attention.self.${part}`, hiddenSize);
  const context = attend(layer, project(queries, "query"), project(x, "key"), project(x, "value"));
  const attended = drop(linear(graph, context, `${name}.attention.output.dense`, hiddenSize), hiddenDropout);
  const middle = normalize(
    graph,
    add(queries, attended),
    `${name}.attention.output.LayerNorm`,
    layerNormEpsilon,
  );
  const wide = widen(graph, config, middle, `${name}.intermediate.dense`, drop); // [tokens, feedForward]
  const narrow = drop(linear(graph, wide, `${name}.output.dense`, hiddenSize), hiddenDropout);
  return normalize(graph, add(middle, narrow), `${name}.output.LayerNorm`, layerNormEpsilon);
}

export const wordEmbeddings = "embeddings.word_embeddings";
