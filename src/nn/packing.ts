import type { Graph, Tensor } from "../graph/graph.ts";
import type { Feed } from "../runtime/session.ts";
import type { Packing } from "./attention.ts";
import { batchSize, type Sequence } from "./sequence.ts";

/** The placeholders of a packed batch. */
export interface PackedInputs {
  readonly ids: Tensor; // [tokens]
  readonly positions: Tensor; // [tokens]
  readonly typeIds: Tensor; // [tokens]
  /** The index of the first token of each row. */
  readonly firsts: Tensor; // [rows]
  readonly packing: Packing;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

// This is far below any attention score. It isn't −∞, because softmax would turn a row of padding into NaN.
const excluded = -1e9;

/**
 * Adds the placeholders for a packed batch of any size, or for one of the parts that a batch is split into.
 */
export function packedInputs(graph: Graph, part?: number): PackedInputs {
  const own = (name: string) => partName(name, part);
  const integers = (name: string, dimension: string) =>
    graph.placeholder(own(name), "int32", [own(dimension)]);
  const [ids, positions, typeIds, places] = ["ids", "positions", "typeIds", "places"].map((name) =>
    integers(name, "tokens")
  );
  const [firsts, firstPlaces] = ["firsts", "firstPlaces"].map((name) => integers(name, "rows"));
  const [lanes, length, most] = ["lanes", "length", "most"].map(own);
  const bias = graph.placeholder(own("bias"), "float32", [lanes, 1, length, length]);
  const firstBias = graph.placeholder(own("firstBias"), "float32", [lanes, most, 1, length]);
  const packing = { tokens: { places, bias }, firsts: { places: firstPlaces, bias: firstBias } };
  const inputs = { ids, positions, typeIds, places, firsts, firstPlaces, bias, firstBias };
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [own(name), input]));
  return { ids, positions, typeIds, firsts, packing, feeds };
}

/** Returns the name of an input of one of the parts that a batch is split into. */
export function partName(name: string, part: number | undefined): string {
  return part === undefined ? name : `${name}/${part}`;
}

/** Renames the feeds of a batch to those of a part. */
export function partFeeds(feeds: Readonly<Record<string, Feed>>, part: number): Record<string, Feed> {
  return Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [partName(name, part), feed]));
}

/**
 * Splits the rows of a batch into parts with about as many tokens each, for threads to compute side by side.
 * The longest row is dealt out first, and each row goes to the part that has the fewest tokens so far.
 * Returns the rows of each part, ascending. There must be at least as many rows as parts.
 */
export function splitRows(lengths: readonly number[], parts: number): readonly (readonly number[])[] {
  const split = Array.from({ length: parts }, () => ({ rows: [] as number[], tokens: 0 }));
  for (const row of longestFirst(lengths)) {
    const part = split.reduce((least, each) => each.tokens < least.tokens ? each : least);
    part.rows.push(row);
    part.tokens += lengths[row];
  }
  return split.map(({ rows }) => rows.sort((a, b) => a - b));
}

/**
 * Packs a batch of sequences in parts. Returns the feeds, and the indices of the sequences in the order in
 * which the parts' rows are joined.
 */
export function packParts(
  sequences: readonly Sequence[],
  firstPosition: number,
  parts: number,
): { readonly feeds: Record<string, Feed>; readonly order: readonly number[] } {
  const split = splitRows(sequences.map(({ ids }) => ids.length), parts);
  const packed = split.map((rows, part) =>
    partFeeds(pack(rows.map((row) => sequences[row]), firstPosition, false), part)
  );
  return { feeds: Object.assign({}, ...packed), order: split.flat() };
}

/**
 * Numbers of tokens are rounded up to a multiple of this. TensorFlow compiles matrix products for each size
 * that it meets and keeps what it compiled, so without rounding a training would meet new sizes with almost
 * every batch.
 */
const sizeStep = 8;

/**
 * Returns the feeds of a batch of sequences, each of which must hold at least one token. Lanes are as long as
 * the longest sequence; shorter ones share a lane, one after the other, without seeing each other. The lanes'
 * length and the number of tokens are rounded up, so the batch may end with up to seven tokens that belong to
 * no row and that no row sees. `firstPosition` is the model's.
 */
export function pack(
  sequences: readonly Sequence[],
  firstPosition: number,
  causal: boolean,
): Record<string, Feed> {
  const filled = fillUp(sequences);
  const lengths = filled.map(({ ids }) => ids.length);
  const length = roundUp(Math.max(...lengths));
  const seats = shareLanes(lengths, length);
  const lanes = 1 + Math.max(...seats.map(({ lane }) => lane));
  const most = 1 + Math.max(...seats.map(({ order }) => order)); // the most sequences in a lane
  const { tokens } = batchSize(filled);
  const packed = (): Int32Array => new Int32Array(tokens);
  const [ids, positions, typeIds, places] = [packed(), packed(), packed(), packed()];
  const [firsts, firstPlaces] = [new Int32Array(sequences.length), new Int32Array(sequences.length)];
  const bias = new Float32Array(lanes * length * length).fill(excluded);
  const firstBias = new Float32Array(lanes * most * length).fill(excluded);
  let token = 0;
  for (const [row, sequence] of filled.entries()) {
    const { lane, order, start } = seats[row];
    const size = sequence.ids.length;
    if (row < sequences.length) {
      firsts[row] = token;
      firstPlaces[row] = lane * most + order;
      firstBias.fill(0, firstPlaces[row] * length + start, firstPlaces[row] * length + start + size);
    }
    for (let index = 0; index < size; index++, token++) {
      ids[token] = sequence.ids[index];
      positions[token] = firstPosition + index;
      typeIds[token] = sequence.typeIds?.[index] ?? 0;
      places[token] = lane * length + start + index;
      const seen = places[token] * length + start;
      bias.fill(0, seen, seen + (causal ? index + 1 : size));
    }
  }
  return {
    ids: vector(ids),
    positions: vector(positions),
    typeIds: vector(typeIds),
    places: vector(places),
    firsts: vector(firsts),
    firstPlaces: vector(firstPlaces),
    bias: { values: bias, shape: [lanes, 1, length, length] },
    firstBias: { values: firstBias, shape: [lanes, most, 1, length] },
  };
}

/**
 * Returns the sequences, followed by one of padding where their tokens are too few for a multiple of
 * `sizeStep`.
 */
function fillUp(sequences: readonly Sequence[]): readonly Sequence[] {
  const { tokens } = batchSize(sequences);
  const missing = roundUp(tokens) - tokens;
  return missing > 0 ? [...sequences, { ids: new Int32Array(missing) }] : sequences;
}

function roundUp(tokens: number): number {
  return sizeStep * Math.ceil(tokens / sizeStep);
}

/**
 * The seat of a sequence: its lane, how many sequences come before it there, and the place that it starts at.
 */
interface Seat {
  readonly lane: number;
  readonly order: number;
  readonly start: number;
}

/** Seats sequences in lanes, the longest first, each in the first lane that has room for it. */
function shareLanes(lengths: readonly number[], laneLength: number): readonly Seat[] {
  const taken: { places: number; sequences: number }[] = [];
  const seats: Seat[] = [];
  for (const row of longestFirst(lengths)) {
    let lane = taken.findIndex(({ places }) => places + lengths[row] <= laneLength);
    if (lane < 0) lane = taken.push({ places: 0, sequences: 0 }) - 1;
    seats[row] = { lane, order: taken[lane].sequences++, start: taken[lane].places };
    taken[lane].places += lengths[row];
  }
  return seats;
}

function longestFirst(lengths: readonly number[]): readonly number[] {
  return Array.from(lengths.keys()).sort((a, b) => lengths[b] - lengths[a] || a - b);
}

/** Makes a vector of int32 to feed. */
export function vector(values: ArrayLike<number>): Feed {
  return { values: Int32Array.from(values), shape: [values.length] };
}

/**
 * Makes the bias [1, 1, queries, places] that lets each of `queries` tokens, which follow `before` others,
 * see itself and all tokens before it.
 */
export function causalBias(before: number, places: number, queries: number): Feed {
  const values = new Float32Array(queries * places);
  for (let query = 0; query < queries; query++) {
    values.fill(excluded, query * places + before + query + 1, (query + 1) * places);
  }
  return { values, shape: [1, 1, queries, places] };
}
