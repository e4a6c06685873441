import type { Graph, Tensor } from "../graph/graph.ts";
import { add, gather } from "../graph/ops.ts";
import type { Attend, Wanted } from "./attention.ts";
import { layerNames } from "./bert_names.ts";
import type { TransformerConfig } from "./config.ts";
import { type Drop, embed, layerType, linear, linearWeights, normalize, residual, widen } from "./layers.ts";

/** The inputs of an encoder for packed tokens, all [tokens] in int32. */
export interface BertTokens {
  readonly ids: Tensor;
  readonly positions: Tensor;
  /** The segment of each token; 0 for all tokens unless given. */
  readonly typeIds?: Tensor;
}

/**
 * Builds the transformer of BERT (Devlin et al. 2019) and of the families made after it, which turns packed
 * tokens into hidden states [tokens, hidden]. `attend` alone decides whether it is an encoder or a causal
 * decoder. Variables have the names that they have in checkpoints.
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
  const { vocabularySize, embeddingSize, hiddenSize, maxPositions, typeCount } = config;
  const lookUp = (ids: Tensor, name: string, count: number) => embed(graph, ids, name, count, embeddingSize);
  let sum = add(
    lookUp(tokens.ids, wordEmbeddings, vocabularySize),
    lookUp(tokens.positions, "embeddings.position_embeddings", maxPositions),
  );
  if (typeCount > 0) {
    const typeIds = tokens.typeIds ?? graph.constant([0], "int32");
    sum = add(sum, lookUp(typeIds, "embeddings.token_type_embeddings", typeCount));
  }
  const normalized = normalize(graph, sum, "embeddings.LayerNorm", config.layerNormEpsilon);
  const embedded = drop(normalized, config.embeddingDropout); // [tokens, embedding]
  return embeddingSize === hiddenSize ? embedded : linear(graph, embedded, embeddingProjection, hiddenSize);
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
  const { family, hiddenSize, layerNormEpsilon, hiddenDropout } = config;
  const names = layerNames(family, layer);
  const dtype = layerType(graph, drop);
  const before = wanted ? gather(x, wanted.tokens) : x;
  const query = linear(graph, before, names.query, hiddenSize, dtype);
  const [key, value] = [names.key, names.value].map((name) =>
    linearWeights(graph, name, hiddenSize, hiddenSize)
  );
  const context = (wanted?.attend ?? attend)(layer, query, x, key, value);
  const addTo = (earlier: Tensor, of: Tensor, name: string, norm: string, dropRate: number) => {
    const sum = residual(earlier, linear(graph, of, name, hiddenSize, dtype), dropRate, drop);
    return normalize(graph, sum, norm, layerNormEpsilon);
  };
  const attendedDropout = family === "distilbert" ? 0 : hiddenDropout; // DistilBERT drops nothing here
  const middle = addTo(before, context, names.attended, names.attendedNorm, attendedDropout);
  const wide = widen(graph, config, middle, names.widened, drop); // [tokens, feedForward]
  return addTo(middle, wide, names.narrowed, names.narrowedNorm, hiddenDropout);
}

/** The name of the table of word embeddings, without `.weight`. */
export const wordEmbeddings = "embeddings.word_embeddings";

/** The name of the linear layer from the embeddings' width to that of the states, where these differ. */
export const embeddingProjection = "embeddings_project";
