import type { Graph, Tensor } from "../graph/graph.ts";
import type { Feed } from "../runtime/session.ts";
import type { Packing } from "./attention.ts";

/** A text as a model reads it. */
export interface Sequence {
  readonly ids: ArrayLike<number>;
  /** Segment of each token (BERT's pairs); 0 throughout where it isn't given. */
  readonly typeIds?: ArrayLike<number>;
}

/** The placeholders of a packed batch. */
export interface PackedInputs {
  readonly ids: Tensor; // [tokens]
  readonly positions: Tensor; // [tokens]
  readonly typeIds: Tensor; // [tokens]
  /** The first token of each row. */
  readonly firsts: Tensor; // [rows]
  readonly packing: Packing;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

// Far below any attention score, and not −∞, which would make a row of padding NaN.
const excluded = -1e9;

/** Adds the placeholders for a packed batch of whatever size. */
export function packedInputs(graph: Graph, causal: boolean): PackedInputs {
  const ids = graph.placeholder("ids", "int32", ["tokens"]);
  const positions = graph.placeholder("positions", "int32", ["tokens"]);
  const typeIds = graph.placeholder("typeIds", "int32", ["tokens"]);
  const firsts = graph.placeholder("firsts", "int32", ["rows"]);
  const places = graph.placeholder("places", "int32", ["tokens"]);
  const tokens = graph.placeholder("placeTokens", "int32", ["places"]);
  const bias = graph.placeholder(
    "bias",
    "float32",
    causal ? [1, 1, "length", "length"] : ["rows", 1, 1, "length"],
  );
  const packing = { rows: firsts.shape[0], length: bias.shape[3], places, tokens, bias };
  const feeds = { ids, positions, typeIds, firsts, places, placeTokens: tokens, bias };
  return { ids, positions, typeIds, firsts, packing, feeds };
}

/** The feeds of a batch of sequences; each must hold at least one token. `firstPosition` is the model's. */
export function pack(
  sequences: readonly Sequence[],
  firstPosition: number,
  causal: boolean,
): Record<string, Feed> {
  const rows = sequences.length;
  const length = Math.max(...sequences.map(({ ids }) => ids.length));
  const tokens = sequences.reduce((total, { ids }) => total + ids.length, 0);
  const packed = (): Int32Array => new Int32Array(tokens);
  const [ids, positions, typeIds, places] = [packed(), packed(), packed(), packed()];
  const placeTokens = new Int32Array(rows * length);
  const firsts = new Int32Array(rows);
  let token = 0;
  for (const [row, sequence] of sequences.entries()) {
    firsts[row] = token;
    for (let index = 0; index < sequence.ids.length; index++, token++) {
      ids[token] = sequence.ids[index];
      positions[token] = firstPosition + index;
      typeIds[token] = sequence.typeIds?.[index] ?? 0;
      places[token] = row * length + index;
      placeTokens[row * length + index] = token;
    }
  }
  const bias = causal ? causalBias(length) : paddingBias(sequences, length);
  return {
    ids: vector(ids),
    positions: vector(positions),
    typeIds: vector(typeIds),
    firsts: vector(firsts),
    places: vector(places),
    placeTokens: vector(placeTokens),
    bias,
  };
}

/** A vector of int32 as a feed. */
export function vector(values: ArrayLike<number>): Feed {
  return { values: Int32Array.from(values), shape: [values.length] };
}

/** Lets each token see itself and those before it: [1, 1, length, length]. Padding, which comes last, needs no other mask. */
export function causalBias(length: number): Feed {
  const values = new Float32Array(length * length);
  for (let query = 0; query < length; query++) {
    values.fill(excluded, query * length + query + 1, (query + 1) * length);
  }
  return { values, shape: [1, 1, length, length] };
}

function paddingBias(sequences: readonly Sequence[], length: number): Feed {
  const values = new Float32Array(sequences.length * length);
  for (const [row, { ids }] of sequences.entries()) {
    values.fill(excluded, row * length + ids.length, (row + 1) * length);
  }
  return { values, shape: [sequences.length, 1, 1, length] };
}
