import { z } from "zod";
import { families } from "./family.ts";

/** The activations of feed-forward networks, by the names that config.json has for them. */
export const activations = ["gelu", "gelu_new"] as const;

/** The schema of a model's configuration, as a trained model's folder keeps it. */
export const transformerConfig = z.object({
  family: z.enum(families),
  vocabularySize: z.int(),
  embeddingSize: z.int().describe(
    "Width of the embeddings. Where it isn't the hidden size, as in ELECTRA, they are projected to that.",
  ),
  hiddenSize: z.int(),
  layers: z.int(),
  heads: z.int(),
  feedForwardSize: z.int(),
  maxPositions: z.int(),
  typeCount: z.int().describe(
    "How many kinds of segments the embeddings tell apart; 0 where there are none.",
  ),
  firstPosition: z.int().describe(
    "Position of the first token. RoBERTa and MPNet count from the pad id + 1, the others from 0.",
  ),
  relativeBuckets: z.int().describe(
    "How many ranges of distances MPNet's relative position bias tells apart; 0 where there is no such bias.",
  ),
  layerNormEpsilon: z.number(),
  activation: z.enum(activations),
  embeddingDropout: z.number(),
  hiddenDropout: z.number(),
  attentionDropout: z.number(),
  headDropout: z.number().describe("The dropout of a classifier's head, which a language model has none of."),
}).readonly();

/** The sizes and constants of a transformer, as its config.json gives them. */
export type TransformerConfig = z.output<typeof transformerConfig>;
