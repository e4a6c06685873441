import type { Graph, Tensor } from "../graph/graph.ts";
import { tanh } from "../graph/ops.ts";
import { attendWithin } from "./attention.ts";
import { bert } from "./bert.ts";
import type { TransformerConfig } from "./config.ts";
import { attendFromFirsts } from "./first_token_attention.ts";
import { type Drop, linear } from "./layers.ts";
import type { PackedInputs } from "./packing.ts";

/** Builds the encoder and returns the state of each row's first token: [rows, hidden]. */
export function encodeFirstTokens(
  graph: Graph,
  config: TransformerConfig,
  inputs: PackedInputs,
  drop: Drop,
): Tensor {
  const { packing, firsts } = inputs;
  const { heads, attentionDropout } = config;
  const attend = attendWithin(packing, heads, attentionDropout, drop);
  const attendFirsts = attendFromFirsts(packing, heads, attentionDropout, drop);
  return bert(graph, config, inputs, attend, drop, { tokens: firsts, attend: attendFirsts });
}

/**
 * Builds RoBERTa's head, dropout → dense → tanh → dropout → dense: a state [rows, hidden] gives [rows,
 * outputs].
 */
export function head(
  graph: Graph,
  config: TransformerConfig,
  state: Tensor,
  name: string,
  outputs: number,
  drop: Drop,
): Tensor {
  const { hiddenSize, headDropout } = config;
  const dense = tanh(linear(graph, drop(state, headDropout), `${name}.dense`, hiddenSize)); // [rows, hidden]
  return linear(graph, drop(dense, headDropout), `${name}.out_proj`, outputs);
}
