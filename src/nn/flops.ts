/**
 * Counts the floating-point operations that a model's matrix products need according to their shapes: 2·m·k·n
 * for a product [m, k] · [k, n]. Everything else is much less and isn't counted, and neither is the cost of
 * padding.
 */

import { reordersFirstTokens } from "./classifier.ts";
import type { TransformerConfig } from "./config.ts";
import type { BatchSize } from "./sequence.ts";

/**
 * Counts the forward pass up to the states of `wanted` tokens. The last layer computes no other states, but
 * its attention is counted as if all tokens were queries.
 */
export function someTokensFlops(config: TransformerConfig, size: BatchSize, wanted: number): number {
  return projectionFlops(config, size.tokens) +
    (config.layers - 1) * layerFlops(config, size) + layerFlops(config, size, wanted);
}

/**
 * Counts the forward pass up to the states of each row's first token. The last layer computes no other states
 * (see first_token_attention.ts).
 */
export function firstTokensFlops(config: TransformerConfig, size: BatchSize): number {
  if (!reordersFirstTokens(config)) return someTokensFlops(config, size, size.rows);
  const { heads, hiddenSize } = config;
  const queryAndAsked = 2 * linearFlops(size.rows, hiddenSize, hiddenSize);
  const scoresAndSums = 2 * linearFlops(size.tokens, heads, hiddenSize);
  const value = linearFlops(size.rows, hiddenSize, hiddenSize);
  return projectionFlops(config, size.tokens) + (config.layers - 1) * layerFlops(config, size) +
    queryAndAsked + scoresAndSums + value + afterAttentionFlops(config, size.rows);
}

/** Counts the projection of embeddings, or back to them, that some models have. */
function projectionFlops({ embeddingSize, hiddenSize }: TransformerConfig, tokens: number): number {
  return embeddingSize === hiddenSize ? 0 : linearFlops(tokens, embeddingSize, hiddenSize);
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

/** Counts the forward pass of a classifier's head. */
export function headFlops({ hiddenSize }: TransformerConfig, rows: number, outputs: number): number {
  return linearFlops(rows, hiddenSize, hiddenSize) + linearFlops(rows, hiddenSize, outputs);
}

/**
 * Counts the next tokens' losses in a training step. The gradient of the logits' bias is a product too; GPT-2
 * has no such bias.
 */
export function nextTokenTrainingFlops(
  config: TransformerConfig,
  tokens: number,
): number {
  const { family, embeddingSize, vocabularySize } = config;
  const logits = projectionFlops(config, tokens) + linearFlops(tokens, embeddingSize, vocabularySize);
  return trainingFlops(logits) + (family === "gpt2" ? 0 : linearFlops(tokens, 1, vocabularySize));
}

function linearFlops(rows: number, inputs: number, outputs: number): number {
  return 2 * rows * inputs * outputs;
}

/**
 * Counts a training step from its forward pass: each product has two more in its gradient, one for each
 * operand.
 */
export function trainingFlops(forward: number): number {
  return 3 * forward;
}
