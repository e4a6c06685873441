import type { Graph, Tensor } from "../graph/graph.ts";
import { gather, gelu, relu, tanh } from "../graph/ops.ts";
import { type Attend, attendWithin } from "./attention.ts";
import { bert } from "./bert.ts";
import type { TransformerConfig } from "./config.ts";
import type { Family } from "./family.ts";
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
  const attend = attendWithin(inputs.packing, config, drop);
  const wanted = { tokens: inputs.firsts, attend: firstTokensAttention(config, inputs, drop) };
  return bert(graph, config, inputs, attend, drop, wanted);
}

function firstTokensAttention(
  config: TransformerConfig,
  { packing, firsts }: PackedInputs,
  drop: Drop,
): Attend {
  return reordersFirstTokens(config)
    ? attendFromFirsts(packing, config.heads, config.attentionDropout, drop)
    : attendWithin(packing, config, drop, gather(packing.tokens.places, firsts));
}

/**
 * Whether the last layer's attention makes no keys and values (see first_token_attention.ts). It knows nothing
 * of a relative position bias.
 */
export function reordersFirstTokens({ relativeBuckets }: TransformerConfig): boolean {
  return relativeBuckets === 0;
}

/** The head that the transformers library gives a family's classifier. */
interface HeadForm {
  /** The names of its two linear layers. */
  readonly dense: string;
  readonly output: string;
  readonly activate: (x: Tensor) => Tensor;
  /** Whether the state is dropped from before the first layer too. */
  readonly dropsState: boolean;
}

function headForm(family: Family): HeadForm {
  const form = { dense: "classifier.dense", output: "classifier.out_proj", activate: tanh, dropsState: true };
  if (family === "electra") return { ...form, activate: gelu };
  if (family === "distilbert") {
    return { dense: "pre_classifier", output: "classifier", activate: relu, dropsState: false };
  }
  // The library's BERT doesn't drop from the state. Here it does, as RoBERTa and the paper's classifier do.
  return family === "bert" ? { ...form, dense: "pooler.dense", output: "classifier" } : form;
}

/**
 * Builds the head of the family's classifier, dropout → dense → activation → dropout → dense: a state [rows,
 * hidden] gives [rows, outputs]. The head of the energy has the same form.
 */
export function head(
  graph: Graph,
  config: TransformerConfig,
  state: Tensor,
  name: "classifier" | "energy",
  outputs: number,
  drop: Drop,
): Tensor {
  const { family, hiddenSize, headDropout } = config;
  const { activate, dropsState, ...ofClassifier } = headForm(family);
  const names = name === "classifier" ? ofClassifier : { dense: "energy.dense", output: "energy.out_proj" };
  const dropped = dropsState ? drop(state, headDropout) : state;
  const dense = activate(linear(graph, dropped, names.dense, hiddenSize)); // [rows, hidden]
  return linear(graph, drop(dense, headDropout), names.output, outputs);
}
