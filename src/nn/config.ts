import { z } from "zod";
import { InputError } from "../errors.ts";
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

/** Returns the configuration of the same model with this rate for every dropout. */
export function withDropout(config: TransformerConfig, rate: number): TransformerConfig {
  return {
    ...config,
    embeddingDropout: rate,
    hiddenDropout: rate,
    attentionDropout: rate,
    headDropout: rate,
  };
}

/** Throws InputError where more `layers` are asked for than a checkpoint has. */
export function checkLayers(layers: number | undefined, has: number): void {
  if (layers === undefined || layers <= has) return;
  throw new InputError({
    found: `layers = ${layers}`,
    expected: `at most ${has}, the layers that the checkpoint has`,
  });
}

/**
 * Throws InputError where `tokens` are more than the positions that a model has. `parameters` names those
 * that decide the number of tokens.
 */
export function checkLength(tokens: number, parameters: string, positions: number): void {
  if (tokens <= positions) return;
  throw new InputError({
    found: `${parameters} = ${tokens}`,
    expected: `at most ${positions}, the positions that the checkpoint has`,
  });
}
