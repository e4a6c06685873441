import type { Graph, Tensor } from "../graph/graph.ts";
import { add, gather } from "../graph/ops.ts";
import type { Attend, Wanted } from "./attention.ts";
import type { TransformerConfig } from "./config.ts";
import { type Drop, embed, layerType, linear, linearWeights, normalize, residual, widen } from "./layers.ts";

/** The inputs of GPT-2 for packed tokens, both [tokens] in int32. */
export interface Gpt2Tokens {
  readonly ids: Tensor;
  readonly positions: Tensor;
}

/**
 * Builds GPT-2's transformer (Radford et al. 2019), which turns packed tokens into hidden states [tokens,
 * hidden]. `attend` must be causal. Variables have the names that they have in checkpoints, with two
 * exceptions (see checkpoint.ts): `c_attn` is split into query, key and value, and the weights of linear
 * layers are [outputs, inputs].
 *
 * With `wanted`, only the states of those tokens are returned: [wanted, hidden].
 */
export function gpt2(
  graph: Graph,
  config: TransformerConfig,
  tokens: Gpt2Tokens,
  attend: Attend,
  drop: Drop,
  wanted?: Wanted,
): Tensor {
  const { vocabularySize, hiddenSize, maxPositions, layers, layerNormEpsilon, embeddingDropout } = config;
  const words = embed(graph, tokens.ids, gpt2WordEmbeddings, vocabularySize, hiddenSize);
  let x = drop(add(words, embed(graph, tokens.positions, "wpe", maxPositions, hiddenSize)), embeddingDropout);
  for (let layer = 0; layer < layers; layer++) {
    const isLast = layer === layers - 1;
    x = gpt2Layer(graph, config, layer, x, attend, drop, isLast ? wanted : undefined); // [tokens, hidden]
  }
  return normalize(graph, x, "ln_f", layerNormEpsilon);
}

function gpt2Layer(
  graph: Graph,
  config: TransformerConfig,
  layer: number,
  x: Tensor,
  attend: Attend,
  drop: Drop,
  wanted?: Wanted,
): Tensor {
  const { hiddenSize, layerNormEpsilon, hiddenDropout } = config;
  const name = `h.${layer}`;
  const dtype = layerType(graph, drop);
  const states = normalize(graph, x, `${name}.ln_1`, layerNormEpsilon);
  const [asking, before] = [states, x].map((of) => wanted ? gather(of, wanted.tokens) : of);
  const query = linear(graph, asking, `${name}.attn.query`, hiddenSize, dtype);
  const [key, value] = ["key", "value"].map((part) =>
    linearWeights(graph, `${name}.attn.${part}`, hiddenSize, hiddenSize)
  );
  const context = (wanted?.attend ?? attend)(layer, query, states, key, value);
  const addTo = (earlier: Tensor, of: Tensor, part: string) =>
    residual(earlier, linear(graph, of, `${name}.${part}.c_proj`, hiddenSize, dtype), hiddenDropout, drop);
  const attended = addTo(before, context, "attn");
  const middle = normalize(graph, attended, `${name}.ln_2`, layerNormEpsilon);
  const wide = widen(graph, config, middle, `${name}.mlp.c_fc`, drop); // [tokens, feedForward]
  return addTo(attended, wide, "mlp");
}

/** The name of the table of word embeddings, without `.weight`. */
export const gpt2WordEmbeddings = "wte";
