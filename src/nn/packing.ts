import type { Graph, Tensor } from "../graph/graph.ts";
import type { Feed } from "../runtime/session.ts";
import type { Packing } from "./attention.ts";
import { batchSize, type Sequence } from "./sequence.ts";

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

/** Adds the placeholders for a packed batch of whatever size, or for one of the parts that a batch is split into. */
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

/** The name of an input of one of the parts that a batch is split into. */
export function partName(name: string, part: number | undefined): string {
  return part === undefined ? name : `${name}/${part}`;
}

/** The feeds of a part, by its names. */
export function partFeeds(feeds: Readonly<Record<string, Feed>>, part: number): Record<string, Feed> {
  return Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [partName(name, part), feed]));
}

/**
 * Splits the rows of a batch into parts with about as many tokens each, for threads to compute side by side: the longest first,
 * each to the part that has fewest. Returns the rows of each part, ascending. There must be as many rows as parts.
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

/** A batch of sequences in parts: the feeds, and the sequences in the order in which the parts' rows are joined. */
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
 * TensorFlow compiles a matrix product anew for each size that it meets, and keeps what it compiled. So that a training doesn't meet
 * new ones with every batch, numbers of tokens are rounded up to a multiple of this.
 */
const sizeStep = 8;

/**
 * The feeds of a batch of sequences, each of which must hold at least one token. Lanes are as long as the longest sequence;
 * shorter ones share a lane, one after the other, and don't see each other. Both a lane's tokens and those of the batch are rounded up:
 * at the batch's end are up to seven that belong to no row, and that no row sees. `firstPosition` is the model's.
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
  const most = 1 + Math.max(...seats.map(({ order }) => order)); // sequences in a lane
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

/** The sequences, and another one where their tokens are too few for a multiple of `sizeStep`. */
function fillUp(sequences: readonly Sequence[]): readonly Sequence[] {
  const { tokens } = batchSize(sequences);
  const missing = roundUp(tokens) - tokens;
  return missing > 0 ? [...sequences, { ids: new Int32Array(missing) }] : sequences;
}

function roundUp(tokens: number): number {
  return sizeStep * Math.ceil(tokens / sizeStep);
}

/** Where a sequence sits: its lane, how many are before it there, and at which place it starts. */
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

/** A vector of int32 as a feed. */
export function vector(values: ArrayLike<number>): Feed {
  return { values: Int32Array.from(values), shape: [values.length] };
}

/** Lets each of `queries` tokens that follow `before` others see itself and those before it: [1, 1, queries, places]. */
export function causalBias(before: number, places: number, queries: number): Feed {
  const values = new Float32Array(queries * places);
  for (let query = 0; query < queries; query++) {
    values.fill(excluded, query * places + before + query + 1, (query + 1) * places);
  }
  return { values, shape: [1, 1, queries, places] };
}
