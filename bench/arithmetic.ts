/** What a training step costs by its shapes alone. */
import type { TransformerConfig } from "../src/nn/config.ts";
import {
  firstTokensFlops,
  headFlops,
  nextTokenTrainingFlops,
  someTokensFlops,
  trainingFlops,
} from "../src/nn/flops.ts";

/** Bytes that a step moves between memory and processor. */
export interface StepBytes {
  readonly weights: number;
  readonly activations: number;
}

/** RoBERTa-base (Liu et al. 2019). */
export const robertaBase: TransformerConfig = {
  family: "roberta",
  vocabularySize: 50_265,
  hiddenSize: 768,
  layers: 12,
  heads: 12,
  feedForwardSize: 3072,
  maxPositions: 514,
  typeCount: 1,
  firstPosition: 2,
  layerNormEpsilon: 1e-5,
  activation: "gelu",
  embeddingDropout: 0.1,
  hiddenDropout: 0.1,
  attentionDropout: 0.1,
  headDropout: 0.1,
};

/** Weights of the encoder. */
export function parameterCount(config: TransformerConfig): number {
  const { vocabularySize, maxPositions, typeCount, hiddenSize: h, feedForwardSize: f, layers } = config;
  const layer = 4 * h * h + 2 * h * f + 9 * h + f; // products; biases and two layer norms
  return (vocabularySize + maxPositions + typeCount + 2) * h + layers * layer;
}

/** Floating-point operations of a classifier's training step on rows of one length. */
export function classifierOperations(config: TransformerConfig, rows: number, length: number): number {
  const size = { rows, tokens: rows * length, tokenPairs: rows * length ** 2 };
  return trainingFlops(firstTokensFlops(config, size) + headFlops(config, rows, 2));
}

/** Floating-point operations of a language model's training step on rows of one length, all of whose successors are scored. */
export function languageModelOperations(config: TransformerConfig, rows: number, length: number): number {
  const size = { rows, tokens: rows * length, tokenPairs: rows * length ** 2 };
  return trainingFlops(someTokensFlops(config, size, size.tokens)) +
    nextTokenTrainingFlops(config, size.tokens);
}

/**
 * What a classifier's training step moves, on rows of one length: forward, backward, clipping and AdamW, in float32 but for the
 * products. The backward pass moves twice what the forward pass does.
 */
export function trainingBytes(config: TransformerConfig, rows: number, length: number): StepBytes {
  const { hiddenSize: h, feedForwardSize: f, layers, heads } = config;
  // Each weight is read forward and backward; its gradient is written, read for its norm and for the update; both moments and
  // the weight are read and written.
  const weightMoves = 2 + 3 + 6;
  // Numbers written and read again in a layer's forward pass, for each token: eight of the hidden size, three of the wider
  // one, three of the attention weights.
  const activations = 2 * layers * rows * length * (8 * h + 3 * f + 3 * heads * length);
  return { weights: 4 * weightMoves * parameterCount(config), activations: 4 * 3 * activations };
}
