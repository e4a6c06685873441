import { join } from "node:path";
import { InputError } from "../../errors.ts";
import { checkLayers, checkLength, readConfig, type TransformerConfig } from "../../nn/config.ts";

/**
 * Reads the sizes of a pretrained encoder that a classifier is made of, with its first `layers` only where they are given. Throws
 * InputError where the model isn't an encoder, or has fewer layers or reads fewer tokens than is asked for.
 */
export async function readEncoderConfig(
  folder: string,
  { layers, maxTokens }: { readonly layers?: number | undefined; readonly maxTokens: number },
): Promise<TransformerConfig> {
  const config = await readConfig(folder);
  if (config.family === "gpt2") throw readsOneWay(folder);
  checkLayers(layers, config.layers);
  checkLength(maxTokens, "maxTokens", config.maxPositions - config.firstPosition);
  return { ...config, layers: layers ?? config.layers };
}

function readsOneWay(folder: string): InputError {
  return new InputError({
    at: { file: join(folder, "config.json") },
    found: "a GPT-2 model",
    expected: "an encoder, BERT or RoBERTa, to make a classifier of",
    fix: "Name an encoder's folder as the checkpoint of finetune.",
  });
}
