import { join } from "node:path";
import { InputError } from "../../errors.ts";
import { families } from "../../nn/family.ts";
import { checkLayers, checkLength, type TransformerConfig } from "../../nn/config.ts";
import { readConfig } from "../../nn/read_config.ts";

/**
 * Reads the sizes of the pretrained encoder that a classifier is made of. Throws InputError where it isn't an
 * encoder, or has fewer layers or positions than are asked for.
 *
 * @param options `layers`: how many of the encoder's first layers are used; all of them where it is
 * undefined.
 */
export async function readEncoderConfig(
  folder: string,
  options: { readonly layers?: number | undefined; readonly maxTokens: number },
): Promise<TransformerConfig> {
  const config = await readConfig(folder);
  if (config.family === "gpt2") throw readsOneWay(folder);
  const { layers = config.layers, maxTokens } = options;
  checkLayers(layers, config.layers);
  checkLength(maxTokens, "maxTokens", config.maxPositions - config.firstPosition);
  return { ...config, layers };
}

function readsOneWay(folder: string): InputError {
  const encoders = families.filter((family) => family !== "gpt2");
  return new InputError({
    at: { file: join(folder, "config.json") },
    found: "a GPT-2 model",
    expected: `an encoder (${encoders.join(", ")}) to make a classifier of`,
    fix: "Name an encoder's folder as the checkpoint of finetune.",
  });
}
