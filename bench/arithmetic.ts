/** What a training step costs by its shapes alone. */
import type { TransformerConfig } from "../src/nn/config.ts";

/** A step's floating-point operations and the bytes that must move between memory and processor. */
export interface Arithmetic {
  readonly operations: number;
  readonly weightBytes: number;
  readonly activationBytes: number;
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
  hiddenDropout: 0.1,
  attentionDropout: 0.1,
};

/** Weights of the encoder. */
export function parameterCount(config: TransformerConfig): number {
  const { vocabularySize, maxPositions, typeCount, hiddenSize: h, feedForwardSize: f, layers } = config;
  const layer = 4 * h * h + 2 * h * f + 9 * h + f; // products; biases and two layer norms
  return (vocabularySize + maxPositions + typeCount + 2) * h + layers * layer;
}

/**
 * A training step of rows of one length: forward, backward, clipping and AdamW, in float32 but for the products. The backward
 * pass costs two forward passes. Operations are those of matrix products.
 */
export function trainingArithmetic(config: TransformerConfig, rows: number, length: number): Arithmetic {
  const { hiddenSize: h, feedForwardSize: f, layers, heads } = config;
  const tokens = rows * length;
  const forward = 2 * tokens * layers * (4 * h * h + 2 * h * f + 2 * length * h);
  // Each weight is read forward and backward; its gradient is written, read for its norm and for the update; both moments and
  // the weight are read and written.
  const weightMoves = 2 + 3 + 6;
  // Numbers written and read again in a layer's forward pass, for each token: eight of the hidden size, three of the wider
  // one, three of the attention weights.
  const activations = 2 * layers * tokens * (8 * h + 3 * f + 3 * heads * length);
  return {
    operations: 3 * forward,
    weightBytes: 4 * weightMoves * parameterCount(config),
    activationBytes: 4 * 3 * activations,
  };
}
