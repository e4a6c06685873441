import type { Graph, Tensor } from "../graph/graph.ts";
import { add, gather } from "../graph/ops.ts";
import type { Attend, Wanted } from "./attention.ts";
import type { TransformerConfig } from "./config.ts";
import { type Drop, embed, layerType, linear, linearWeights, normalize, residual, widen } from "./layers.ts";

/** The inputs of BERT and RoBERTa for packed tokens, all [tokens] in int32. */
export interface BertTokens {
  readonly ids: Tensor;
  readonly positions: Tensor;
  /** The segment of each token; 0 for all tokens unless given. */
  readonly typeIds?: Tensor;
}

/**
 * Builds the transformer of BERT and RoBERTa (Devlin et al. 2019), which turns packed tokens into hidden
 * states [tokens, hidden]. `attend` alone decides whether it is an encoder or a causal decoder. Variables
 * have the names that they have in checkpoints.
 *
 * With `wanted`, only the states of those tokens are returned: [wanted, hidden].
 */
export function bert(
  graph: Graph,
  config: TransformerConfig,
  tokens: BertTokens,
  attend: Attend,
  drop: Drop,
  wanted?: Wanted,
): Tensor {
  let x = bertEmbeddings(graph, config, tokens, drop); // [tokens, hidden]
  for (let layer = 0; layer < config.layers; layer++) {
    const isLast = layer === config.layers - 1;
    x = bertLayer(graph, config, layer, x, attend, drop, isLast ? wanted : undefined);
  }
  return x;
}

function bertEmbeddings(graph: Graph, config: TransformerConfig, tokens: BertTokens, drop: Drop): Tensor {
  const { vocabularySize, hiddenSize, maxPositions, layerNormEpsilon, embeddingDropout } = config;
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
  return drop(normalize(graph, sum, "embeddings.LayerNorm", layerNormEpsilon), embeddingDropout);
}

function bertLayer(
  graph: Graph,
  config: TransformerConfig,
  layer: number,
  x: Tensor,
  attend: Attend,
  drop: Drop,
  wanted?: Wanted,
): Tensor {
  const { hiddenSize, layerNormEpsilon, hiddenDropout } = config;
  const name = `encoder.layer.${layer}`;
  const dtype = layerType(graph, drop);
  const before = wanted ? gather(x, wanted.tokens) : x;
  const query = linear(graph, before, `${name}.attention.self.query`, hiddenSize, dtype);
  const [key, value] = ["key", "value"].map((part) =>
    linearWeights(graph, `${name}.attention.self.${part}`, hiddenSize, hiddenSize)
  );
  const context = (wanted?.attend ?? attend)(layer, query, x, key, value);
  const addTo = (earlier: Tensor, of: Tensor, part: string) => {
    const sum = residual(earlier, linear(graph, of, `${part}.dense`, hiddenSize, dtype), hiddenDropout, drop);
    return normalize(graph, sum, `${part}.LayerNorm`, layerNormEpsilon);
  };
  const middle = addTo(before, context, `${name}.attention.output`);
  const wide = widen(graph, config, middle, `${name}.intermediate.dense`, drop); // [tokens, feedForward]
  return addTo(middle, wide, `${name}.output`);
}

/** The name of the table of word embeddings, without `.weight`. */
export const wordEmbeddings = "embeddings.word_embeddings";
