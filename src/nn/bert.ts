import type { Graph, Tensor } from "../graph/graph.ts";
import { add, gather } from "../graph/ops.ts";
import type { Attend } from "./attention.ts";
import type { TransformerConfig } from "./config.ts";
import type { AttendFromFirsts } from "./first_token_attention.ts";
import { type Drop, embed, layerType, linear, linearWeights, normalize, residual, widen } from "./layers.ts";

/** What BERT and RoBERTa read of each packed token; all [tokens], int32. */
export interface BertTokens {
  readonly ids: Tensor;
  readonly positions: Tensor;
  /** The segment of each token; type 0 throughout where it isn't given. */
  readonly typeIds?: Tensor;
}

/** The tokens whose states alone are wanted, the first of each row. */
export interface Firsts {
  readonly tokens: Tensor; // [rows]
  readonly attend: AttendFromFirsts;
}

/**
 * BERT's and RoBERTa's transformer (Devlin et al. 2019): packed tokens give hidden states [tokens, hidden]. Whether it is an
 * encoder or a causal decoder is decided by `attend` alone. Variables bear the checkpoint's names.
 *
 * Given `firsts`, only their states are returned, [rows, hidden], and the last layer computes nothing else.
 */
export function bert(
  graph: Graph,
  config: TransformerConfig,
  tokens: BertTokens,
  attend: Attend,
  drop: Drop,
  firsts?: Firsts,
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
  wanted?: Firsts,
): Tensor {
  const { hiddenSize, layerNormEpsilon, hiddenDropout } = config;
  const name = `encoder.layer.${layer}`;
  const dtype = layerType(graph, drop);
  const nameOf = (part: string) => `${name}.attention.self.${part}`;
  const project = (of: Tensor, part: string) => linear(graph, of, nameOf(part), hiddenSize, dtype);
  const weights = (part: string) => linearWeights(graph, nameOf(part), hiddenSize, hiddenSize);
  const queries = wanted ? gather(x, wanted.tokens) : x;
  const query = project(queries, "query");
  const context = wanted
    ? wanted.attend(query, x, weights("key"), weights("value"))
    : attend(layer, query, project(x, "key"), project(x, "value"));
  const addTo = (before: Tensor, of: Tensor, part: string) => {
    const sum = residual(before, linear(graph, of, `${part}.dense`, hiddenSize, dtype), hiddenDropout, drop);
    return normalize(graph, sum, `${part}.LayerNorm`, layerNormEpsilon);
  };
  const middle = addTo(queries, context, `${name}.attention.output`);
  const wide = widen(graph, config, middle, `${name}.intermediate.dense`, drop); // [tokens, feedForward]
  return addTo(middle, wide, `${name}.output`);
}

export const wordEmbeddings = "embeddings.word_embeddings";
