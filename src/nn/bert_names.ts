/** The names that encoders' checkpoints have for the parts of a layer that all of them share. */

import type { Family } from "./family.ts";

/** The names of a layer's parts, in the order in which states pass through them. */
export interface LayerNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly attended: string;
  readonly attendedNorm: string;
  readonly widened: string;
  readonly narrowed: string;
  readonly narrowedNorm: string;
}

/** Returns the names of a layer's parts, counted from 0. */
export function layerNames(family: Family, layer: number): LayerNames {
  const inLayer = (prefix: string, names: LayerNames) =>
    Object.fromEntries(
      Object.entries(names).map(([part, name]) => [part, `${prefix}.${layer}.${name}`]),
    ) as unknown as LayerNames;
  if (family === "distilbert") return inLayer("transformer.layer", distilbert);
  return inLayer("encoder.layer", family === "mpnet" ? mpnet : bert);
}

const bert: LayerNames = {
  query: "attention.self.query",
  key: "attention.self.key",
  value: "attention.self.value",
  attended: "attention.output.dense",
  attendedNorm: "attention.output.LayerNorm",
  widened: "intermediate.dense",
  narrowed: "output.dense",
  narrowedNorm: "output.LayerNorm",
};

const mpnet: LayerNames = {
  ...bert,
  query: "attention.attn.q",
  key: "attention.attn.k",
  value: "attention.attn.v",
  attended: "attention.attn.o",
  attendedNorm: "attention.LayerNorm",
};

const distilbert: LayerNames = {
  query: "attention.q_lin",
  key: "attention.k_lin",
  value: "attention.v_lin",
  attended: "attention.out_lin",
  attendedNorm: "sa_layer_norm",
  widened: "ffn.lin1",
  narrowed: "ffn.lin2",
  narrowedNorm: "output_layer_norm",
};
