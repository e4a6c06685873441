/**
 * The floating-point operations that a model's matrix products need, by its shapes: 2·m·k·n each. All else, of which there is
 * much less, isn't counted, and neither is what padding costs.
 */

import type { TransformerConfig } from "./config.ts";
import type { BatchSize } from "./sequence.ts";

/** Of the hidden states of `wanted` tokens: the last layer computes no others, but its attention has all pairs of tokens. */
export function someTokensFlops(config: TransformerConfig, size: BatchSize, wanted: number): number {
  return (config.layers - 1) * layerFlops(config, size) + layerFlops(config, size, wanted);
}

/** Of the hidden states of each row's first token: the last layer computes no others (see first_token_attention.ts). */
export function firstTokensFlops(config: TransformerConfig, size: BatchSize): number {
  const { heads, hiddenSize } = config;
  const queryAndAsked = 2 * linearFlops(size.rows, hiddenSize, hiddenSize);
  const scoresAndSums = 2 * linearFlops(size.tokens, heads, hiddenSize);
  const value = linearFlops(size.rows, hiddenSize, hiddenSize);
  return (config.layers - 1) * layerFlops(config, size) +
    queryAndAsked + scoresAndSums + value + afterAttentionFlops(config, size.rows);
}

function layerFlops(
  config: TransformerConfig,
  { tokens, tokenPairs }: BatchSize,
  wanted: number = tokens,
): number {
  const { hiddenSize } = config;
  const query = linearFlops(wanted, hiddenSize, hiddenSize);
  const keysAndValues = 2 * linearFlops(tokens, hiddenSize, hiddenSize);
  const scoresAndContext = 2 * linearFlops(tokenPairs, hiddenSize, 1);
  return query + keysAndValues + scoresAndContext + afterAttentionFlops(config, wanted);
}

function afterAttentionFlops({ hiddenSize, feedForwardSize }: TransformerConfig, rows: number): number {
  return linearFlops(rows, hiddenSize, hiddenSize) + 2 * linearFlops(rows, hiddenSize, feedForwardSize);
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
