/**
 * The floating-point operations that a model's matrix products need, by its shapes: 2·m·k·n each. All else, of which there is
 * much less, isn't counted, and neither is what padding costs.
 */

import type { TransformerConfig } from "./config.ts";
import type { Sequence } from "./packing.ts";

/** What the work on a batch depends on. */
export interface BatchSize {
  readonly rows: number;
  readonly tokens: number;
  /** Σ tokens² over the rows: how many pairs of tokens see each other. */
  readonly tokenPairs: number;
}

/** The size of a batch of sequences. */
export function batchSize(sequences: readonly Pick<Sequence, "ids">[]): BatchSize {
  const lengths = sequences.map(({ ids }) => ids.length);
  return {
    rows: lengths.length,
    tokens: lengths.reduce((total, length) => total + length, 0),
    tokenPairs: lengths.reduce((total, length) => total + length ** 2, 0),
  };
}

/** Of the hidden states of all tokens. */
export function transformerFlops(config: TransformerConfig, { tokens, tokenPairs }: BatchSize): number {
  return config.layers * layerFlops(config, tokens, tokens, tokenPairs);
}

/** Of the hidden states of each row's first token: the last layer computes no others. */
export function firstTokensFlops(config: TransformerConfig, { rows, tokens, tokenPairs }: BatchSize): number {
  return (config.layers - 1) * layerFlops(config, tokens, tokens, tokenPairs) +
    layerFlops(config, tokens, rows, tokens);
}

/** @param queries tokens whose states are wanted @param pairs how many tokens they see, all together */
function layerFlops(
  { hiddenSize, feedForwardSize }: TransformerConfig,
  tokens: number,
  queries: number,
  pairs: number,
): number {
  const keysAndValues = 2 * linearFlops(tokens, hiddenSize, hiddenSize);
  const queriesAndOutputs = 2 * linearFlops(queries, hiddenSize, hiddenSize);
  const scoresAndContext = 2 * linearFlops(pairs, hiddenSize, 1);
  const feedForward = 2 * linearFlops(queries, hiddenSize, feedForwardSize);
  return keysAndValues + queriesAndOutputs + scoresAndContext + feedForward;
}

/** Of a classifier's head. */
export function headFlops({ hiddenSize }: TransformerConfig, rows: number, outputs: number): number {
  return linearFlops(rows, hiddenSize, hiddenSize) + linearFlops(rows, hiddenSize, outputs);
}

/** Of the next tokens' losses in a training step; the gradient of the logits' bias, which GPT-2 has none of, is a product too. */
export function nextTokenTrainingFlops(
  { family, hiddenSize, vocabularySize }: TransformerConfig,
  tokens: number,
): number {
  const logits = linearFlops(tokens, hiddenSize, vocabularySize);
  return trainingFlops(logits) + (family === "gpt2" ? 0 : linearFlops(tokens, 1, vocabularySize));
}

function linearFlops(rows: number, inputs: number, outputs: number): number {
  return 2 * rows * inputs * outputs;
}

/** Of a training step: each product has two in its gradient, one for each operand. */
export function trainingFlops(forward: number): number {
  return 3 * forward;
}
