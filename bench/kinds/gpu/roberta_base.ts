import type { TransformerConfig } from "../../../src/nn/config.ts";

/** RoBERTa-base (Liu et al. 2019). */
export const robertaBase: TransformerConfig = {
  family: "roberta",
  vocabularySize: 50_265,
  embeddingSize: 768,
  hiddenSize: 768,
  layers: 12,
  heads: 12,
  feedForwardSize: 3072,
  maxPositions: 514,
  typeCount: 1,
  firstPosition: 2,
  relativeBuckets: 0,
  layerNormEpsilon: 1e-5,
  activation: "gelu",
  embeddingDropout: 0.1,
  hiddenDropout: 0.1,
  attentionDropout: 0.1,
  headDropout: 0.1,
};
