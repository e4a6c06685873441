import { type Dimension, Graph, type Operation, type Precision, type Tensor } from "../../graph/graph.ts";
import {
  add,
  addAt,
  cast,
  concatenate,
  gather,
  multiply,
  pad,
  product,
  range,
  reshape,
  sizeOf,
  subtract,
} from "../../graph/ops.ts";
import { assign, compileTrained, type Program, release, type Signature } from "../../graph/program.ts";
import { unknownSize } from "../../graph/shape.ts";
import type { Weights } from "../../graph/weights.ts";
import { type Attend, attention, mergeHeads, scaleQuery, splitHeads } from "../../nn/attention.ts";
import type { TransformerConfig } from "../../nn/config.ts";
import { decode, nextTokenLogits } from "../../nn/decoder.ts";
import { applyLinear, keep } from "../../nn/layers.ts";
import { relativeBias } from "../../nn/relative_positions.ts";
import { type DrawOptions, drawToken } from "./draw.ts";

/** The noise model's sizes and how tokens are drawn from it. */
export interface SamplerOptions extends DrawOptions {
  readonly config: TransformerConfig;
  readonly precision: Precision;
}

export type SamplerSignature = "forget" | "read" | "keep" | "grow" | "next";

/**
 * Builds the program of top-k sampling from a trained model, with its weights in it. A memory of keys and
 * values, a row for each text, stays in the session from run to run. The signatures:
 *
 * - `forget` empties the memory, and leaves one row without tokens.
 * - `keep` replaces the memory by some of its rows; a row may be kept several times.
 * - `read` reads further tokens of each row, the same number for all, and draws the next token of each.
 * - `grow` adds empty places for tokens to come.
 * - `next` reads the tokens drawn last into such a place, and draws the next ones.
 */
export function samplerProgram(
  options: SamplerOptions,
  weights: Weights,
): Program<SamplerSignature> {
  const { config, precision } = options;
  const graph = new Graph(precision);
  const seed = graph.placeholder("seed", "int32", []);
  const memory = Array.from({ length: config.layers }, (_, layer) => layerMemory(graph, config, layer));
  const drawing = (reading: Reading) => drawingRun(graph, options, memory, seed, reading);
  return compileTrained(graph, weights, {
    forget: forgetRun(graph, config, memory),
    read: drawing(promptReading(graph)),
    keep: keepRun(graph, memory),
    grow: growRun(graph, memory),
    next: drawing(nextReading(graph, config)),
  });
}

/**
 * The keys and values that a layer has seen, each [rows, heads, length, size], in the precision of the
 * products.
 */
interface LayerMemory {
  readonly key: Memory;
  readonly value: Memory;
}

/** The keys or the values of a layer, [rows, heads, length, size]. */
interface Memory {
  readonly handle: Tensor;
  /** The keys or values that were remembered before the run. */
  readonly past: Tensor;
}

/** The tokens that a run reads, side by side; all rows have the same number of them. */
interface Reading {
  readonly inputs: { readonly ids: Tensor; readonly positions: Tensor } & Readonly<Record<string, Tensor>>;
  readonly rows: Dimension;
  readonly length: Dimension;
  /**
   * Joins the keys or values that a layer remembers and those that the run adds: [rows, heads, length, size].
   */
  known(part: Memory, added: Tensor): Tensor;
  /** The bias that is added to the attention scores. */
  readonly bias: Tensor;
  /** Returns the places of a row's tokens among all that it will have read: [length]. */
  places(): Tensor;
  /** The last token of each row, which sees all others. Undefined where rows have only one. */
  readonly last?: Tensor;
}

function promptReading(graph: Graph): Reading {
  const ids = graph.placeholder("promptIds", "int32", ["promptTokens"]);
  const positions = graph.placeholder("promptPositions", "int32", ["promptTokens"]);
  const bias = graph.placeholder("promptBias", "float32", [1, 1, "prompt", "known"]);
  const last = graph.placeholder("promptLast", "int32", ["prompts"]);
  const [rows, length] = [last.shape[0], bias.shape[2]];
  const known = ({ past }: Memory, added: Tensor) => concatenate([past, added], 2, bias.shape[3]);
  const places = () => {
    const before = subtract(sizeOf(graph, bias.shape[3]), sizeOf(graph, length));
    return add(range(graph, length), before);
  };
  return { inputs: { ids, positions, bias, last }, rows, length, known, bias, places, last };
}

function nextReading(graph: Graph, { heads, hiddenSize }: TransformerConfig): Reading {
  const ids = graph.placeholder("nextIds", "int32", ["rows"]);
  const positions = graph.placeholder("nextPositions", "int32", ["rows"]);
  const bias = graph.placeholder("nextBias", "float32", [1, 1, 1, "places"]);
  const place = graph.placeholder("place", "int32", []);
  const [[rows], size, places] = [ids.shape, hiddenSize / heads, bias.shape[3]];
  const count = product(rows, heads);
  // Index of the token's place in the memory of each row and head, which lie end to end.
  const starts = multiply(range(graph, count), sizeOf(graph, places));
  const at = reshape(add(starts, place), [count, 1]);
  // The place holds 0 until then. Adding writes where the memory lies; lengthening the memory by a token
  // would copy all of it.
  const known = ({ handle, past }: Memory, added: Tensor) => {
    const released = release(handle, past);
    const before = reshape(past, [product(count, places), size], [released]);
    return reshape(addAt(before, at, reshape(added, [count, size])), [rows, heads, places, size]);
  };
  const inputs = { ids, positions, bias, place };
  return { inputs, rows, length: 1, known, bias, places: () => reshape(place, [1]) };
}

/** Reads tokens, remembers their keys and values, and draws the token that follows each row. */
function drawingRun(
  graph: Graph,
  options: SamplerOptions,
  memory: readonly LayerMemory[],
  seed: Tensor,
  { inputs, rows, length, known, bias, places, last }: Reading,
): Signature {
  const { config, config: { heads } } = options;
  const relative = (places: () => Tensor) =>
    config.relativeBuckets > 0 ? relativeBias(graph, config, places(), bias.shape[3]) : undefined;
  const updates: Operation[] = [];
  const extend = (part: Memory, added: Tensor) => {
    const all = known(part, added);
    updates.push(assign(part.handle, all));
    return all;
  };
  const attend = (queries: Dimension, bias?: Tensor): Attend => (layer, query, states, ...keyAndValue) => {
    const [key, value] = keyAndValue.map((weights) =>
      splitHeads(applyLinear(states, weights, graph.precision), rows, length, heads)
    );
    const [keys, values] = [extend(memory[layer].key, key), extend(memory[layer].value, value)];
    const asking = splitHeads(scaleQuery(query, heads), rows, queries, heads);
    return mergeHeads(attention(asking, keys, values, bias), query.shape[0]);
  };
  const lastPlace = () => reshape(subtract(sizeOf(graph, bias.shape[3]), 1), [1]);
  const wanted = last && { tokens: last, attend: attend(1, relative(lastPlace)) };
  const ofPlaces = relative(places);
  const toAll = attend(length, ofPlaces ? add(bias, ofPlaces) : bias);
  const hidden = decode(graph, config, inputs, toAll, keep, wanted); // [rows, hidden]
  const drawn = drawToken(nextTokenLogits(graph, config, hidden), options, seed);
  return { inputs: { ...inputs, seed }, outputs: { drawn }, updates };
}

function forgetRun(
  graph: Graph,
  { heads, hiddenSize }: TransformerConfig,
  memory: readonly LayerMemory[],
): Signature {
  const nothing = cast(graph.constant([], "float32", [1, heads, 0, hiddenSize / heads]), graph.precision);
  return memoryRun(graph, memory, {}, () => nothing);
}

function keepRun(graph: Graph, memory: readonly LayerMemory[]): Signature {
  const kept = graph.placeholder("kept", "int32", ["kept"]);
  return memoryRun(graph, memory, { kept }, (past) => gather(past, kept));
}

function growRun(graph: Graph, memory: readonly LayerMemory[]): Signature {
  const padding = graph.placeholder("padding", "int32", [4, 2]);
  return memoryRun(graph, memory, { padding }, (past) => pad(past, padding));
}

/** Changes all keys and values that are remembered. */
function memoryRun(
  graph: Graph,
  memory: readonly LayerMemory[],
  inputs: Signature["inputs"],
  change: (past: Tensor) => Tensor,
): Signature {
  const parts = memory.flatMap(({ key, value }) => [key, value]);
  const updates = parts.map(({ handle, past }) => assign(handle, change(past)));
  return { inputs, outputs: { done: graph.constant(1) }, updates };
}

function layerMemory(graph: Graph, config: TransformerConfig, layer: number): LayerMemory {
  const dtype = graph.precision;
  const shape = [unknownSize, config.heads, unknownSize, config.hiddenSize / config.heads];
  const memory = (part: string): Memory => {
    const name = `memory/${layer}/${part}`;
    const { outputs: [handle] } = graph.operation("VarHandleOp", [], {
      name,
      attributes: { dtype, shape: { shape }, shared_name: { text: name } },
      outputs: [{ dtype: "resource", shape: [] }],
    });
    return { handle, past: graph.read(handle, shape, dtype) };
  };
  return { key: memory("key"), value: memory("value") };
}
