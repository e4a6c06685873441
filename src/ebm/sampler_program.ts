import { Graph, type Operation, type Precision, type Tensor, type Weights } from "../graph/graph.ts";
import {
  add,
  cast,
  concatenate,
  divide,
  gather,
  indexOfMaximum,
  logarithm,
  negate,
  pick,
  topK,
  uniform,
} from "../graph/ops.ts";
import { assign, compileTrained, type Program, type Signature } from "../graph/program.ts";
import { type Dimension, unknownSize } from "../graph/shape.ts";
import { type Attend, attention, mergeHeads, scaleQuery, splitHeads } from "../nn/attention.ts";
import type { TransformerConfig } from "../nn/config.ts";
import { decode, nextTokenLogits } from "../nn/decoder.ts";
import { applyLinear, keep } from "../nn/layers.ts";

export interface SamplerOptions {
  readonly config: TransformerConfig;
  readonly precision: Precision;
  /** Only the k likeliest tokens can be drawn; 1 is greedy decoding. */
  readonly topK: number;
  readonly temperature: number;
  /** Tokens that are never drawn. */
  readonly never: readonly number[];
}

export type SamplerSignature = "start" | "next" | "keep";

/**
 * Top-k sampling from a trained model, whose weights it has in it, with a memory of keys and values, which stays in the session:
 * `start` reads the prompts, all of one length, and draws the first token of each; `next` reads the tokens last drawn and draws
 * another; `keep` forgets all rows but some.
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
  const start = drawing(promptReading(graph));
  const next = drawing(nextReading(graph));
  return compileTrained(graph, weights, { start, next, keep: keepRun(graph, memory) });
}

/** The keys and values that a layer has seen, each [rows, heads, length, size], in the precision of the products. */
interface LayerMemory {
  readonly key: Memory;
  readonly value: Memory;
}

interface Memory {
  readonly handle: Tensor;
  /** What was remembered before the run. */
  readonly past: Tensor;
}

/** The tokens that a run reads: rows of one length, side by side. */
interface Reading {
  readonly inputs: { readonly ids: Tensor; readonly positions: Tensor } & Readonly<Record<string, Tensor>>;
  readonly rows: Dimension;
  readonly length: Dimension;
  /** What a layer knows after the run, of what it remembers and what the run adds: [rows, heads, length, size]. */
  known(part: Memory, added: Tensor): Tensor;
  /** Added to the attention scores, where not every token sees all that is known. */
  readonly bias?: Tensor;
  /** The last token of each row, which sees all that is known; all tokens, where rows have one. */
  readonly last?: Tensor;
}

function promptReading(graph: Graph): Reading {
  const ids = graph.placeholder("promptIds", "int32", ["promptTokens"]);
  const positions = graph.placeholder("promptPositions", "int32", ["promptTokens"]);
  const bias = graph.placeholder("promptBias", "float32", [1, 1, "prompt", "prompt"]);
  const last = graph.placeholder("promptLast", "int32", ["prompts"]);
  const [rows, length] = [last.shape[0], bias.shape[3]];
  return { inputs: { ids, positions, bias, last }, rows, length, known: (_, added) => added, bias, last };
}

function nextReading(graph: Graph): Reading {
  const ids = graph.placeholder("nextIds", "int32", ["rows"]);
  const positions = graph.placeholder("nextPositions", "int32", ["rows"]);
  const known = ({ past }: Memory, added: Tensor) =>
    concatenate([past, cast(added, past.dtype)], 2, unknownSize);
  return { inputs: { ids, positions }, rows: ids.shape[0], length: 1, known };
}

/** Reads tokens, remembers their keys and values, and draws the token that follows each row. */
function drawingRun(
  graph: Graph,
  options: SamplerOptions,
  memory: readonly LayerMemory[],
  seed: Tensor,
  { inputs, rows, length, known, bias, last }: Reading,
): Signature {
  const { config } = options;
  const updates: Operation[] = [];
  const extend = (part: Memory, added: Tensor) => {
    const all = known(part, added);
    updates.push(remember(part, all));
    return all;
  };
  const { heads } = config;
  const attend = (queries: Dimension, bias?: Tensor): Attend => (layer, query, states, ...keyAndValue) => {
    const [key, value] = keyAndValue.map((weights) =>
      splitHeads(applyLinear(states, weights, graph.precision), rows, length, heads)
    );
    const [keys, values] = [extend(memory[layer].key, key), extend(memory[layer].value, value)];
    const asking = splitHeads(scaleQuery(query, heads), rows, queries, heads);
    return mergeHeads(attention(asking, keys, values, bias), query.shape[0]);
  };
  const wanted = last && { tokens: last, attend: attend(1) };
  const hidden = decode(graph, config, inputs, attend(length, bias), keep, wanted); // [rows, hidden]
  const drawn = draw(graph, options, hidden, seed);
  return { inputs: { ...inputs, seed }, outputs: { drawn }, updates };
}

function keepRun(graph: Graph, memory: readonly LayerMemory[]): Signature {
  const kept = graph.placeholder("kept", "int32", ["kept"]);
  const updates = memory.flatMap(({ key, value }) =>
    [key, value].map((part) => remember(part, gather(part.past, kept)))
  );
  return { inputs: { kept }, outputs: { done: graph.constant(1) }, updates };
}

function remember(memory: Memory, all: Tensor): Operation {
  return assign(memory.handle, cast(all, memory.past.dtype));
}

/** Draws from the k likeliest tokens by their probabilities, with the Gumbel-max trick: hidden [rows, hidden] gives [rows]. */
function draw(
  graph: Graph,
  { config, topK: k, temperature, never }: SamplerOptions,
  hidden: Tensor,
  seed: Tensor,
): Tensor {
  const allowed = new Array<number>(config.vocabularySize).fill(0);
  for (const token of never) allowed[token] = excluded;
  const logits = add(nextTokenLogits(graph, config, hidden), graph.constant(allowed)); // [rows, vocabulary]
  const { values, indices } = topK(logits, Math.min(k, config.vocabularySize)); // both [rows, k]
  const noise = negate(logarithm(negate(logarithm(uniform(seed, 0, values.shape)))));
  return pick(indices, indexOfMaximum(add(divide(values, temperature), noise)));
}

const excluded = -1e9;

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
