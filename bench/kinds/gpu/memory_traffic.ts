import type { TransformerConfig } from "../../../src/nn/config.ts";

/** How many bytes a step moves between memory and processor. */
export interface StepBytes {
  readonly weights: number;
  readonly activations: number;
}

/** Counts the encoder's weights. */
export function parameterCount(config: TransformerConfig): number {
  const { vocabularySize, maxPositions, typeCount, hiddenSize: h, feedForwardSize: f, layers } = config;
  const layer = 4 * h * h + 2 * h * f + 9 * h + f; // products; biases and two layer norms
  return (vocabularySize + maxPositions + typeCount + 2) * h + layers * layer;
}

/**
 * Estimates what a classifier's training step moves on texts of one length, in its forward and backward pass,
 * clipping and AdamW. All numbers are float32 but those of the products. The backward pass moves twice what
 * the forward pass does.
 */
export function trainingBytes(config: TransformerConfig, rows: number, length: number): StepBytes {
  const { hiddenSize: h, feedForwardSize: f, layers, heads } = config;
  // Each weight is read forward and backward; its gradient is written, read for its norm and for the update;
  // both moments and the weight are read and written.
  const weightMoves = 2 + 3 + 6;
  // A layer's forward pass writes and reads again, for each token, eight numbers of the hidden size, three of
  // the wider one and three of the attention weights.
  const activations = 2 * layers * rows * length * (8 * h + 3 * f + 3 * heads * length);
  return { weights: 4 * weightMoves * parameterCount(config), activations: 4 * 3 * activations };
}
