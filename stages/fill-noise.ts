import { z } from "zod";
import type { Completion } from "../src/ebm/noise_model/completion.ts";
import { fillingProgram, fillMasks, withMasks } from "../src/ebm/noise_model/filling.ts";
import { readCheckpoint } from "../src/nn/checkpoint.ts";
import { checkLength } from "../src/nn/config.ts";
import { checkMaskedLm, maskTokens } from "../src/nn/masked_lm.ts";
import { loadTokenizer } from "../src/nn/tokenizer.ts";
import { poolOutputs, poolParameters, poolWork, shardRule, writePool } from "../src/noise/pool.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import { openSession } from "../src/runtime/session.ts";

const parameters = z.strictObject({
  ...poolParameters,
  batchSize: z.int().positive().default(64).describe("Texts whose masks are filled at a time."),
  maskRate: z.number().gt(0).max(1).default(0.4).describe("Probability that a token is masked."),
  topK: z.int().positive().default(10).describe("Only the k likeliest tokens can be drawn."),
  temperature: z.number().positive().default(1).describe("Divides the logits before a draw."),
  maxTokens: z.int().min(4).default(128).describe(
    "Tokens of a text with its special tokens; longer ones are cut.",
  ),
}).refine(shardRule.holds, shardRule.otherwise);

export default defineStage({
  description: "Makes noise texts by filling masked tokens with a pretrained encoder, which isn't trained",
  parameters,
  inputs: {
    data: { description: "the prepared data set" },
    checkpoint: { description: "an encoder with its head for masked tokens, and its tokenizer" },
  },
  outputs: poolOutputs,
  native: true,
  work: poolWork,
  async run(context) {
    const { parameters, input } = context;
    const { batchSize, maskRate, maxTokens } = parameters;

    // Read the encoder.
    const checkpoint = await readCheckpoint(input("checkpoint"));
    checkMaskedLm(checkpoint);
    const { firstPosition, maxPositions } = checkpoint.config;
    checkLength(maxTokens, "maxTokens", maxPositions - firstPosition);
    const tokenizer = await loadTokenizer(input("checkpoint"));
    const { mask, never, frame } = maskTokens(tokenizer, checkpoint);

    // Build the program that fills masks.
    const session = await openSession(fillingProgram(checkpoint, { ...parameters, never }), context);
    const completion: Completion = {
      batchSize,
      prompt: (text, masks) => withMasks(text, mask, maskRate, (id) => frame.has(id), masks),
      draw: (texts, draws) => fillMasks(session, texts, { mask, firstPosition }, draws.integer(2 ** 31)),
      drawAgain: (_, draws) => draws.integer(2 ** 31),
    };

    // Fill the masks, and write what is between the special tokens.
    await writePool({
      ...context,
      ...{ stage: "fill-noise", data: input("data"), tokenizer, completion },
      encode: ({ text, pair }) => tokenizer.encode(text, pair, maxTokens),
      decode(sample, { pair }) {
        const texts = partsBetween(sample, frame).map((ids) => tokenizer.decode(ids));
        if (texts.length !== (pair === undefined ? 1 : 2)) return undefined;
        return { text: texts[0], ...(pair === undefined ? {} : { pair: texts[1] }) };
      },
    });
    session.close();
  },
});

/** Returns the runs of ids that lie between special tokens. */
function partsBetween(ids: readonly number[], special: ReadonlySet<number>): number[][] {
  const parts: number[][] = [[]];
  for (const id of ids) {
    if (!special.has(id)) parts.at(-1)!.push(id);
    else if (parts.at(-1)!.length > 0) parts.push([]);
  }
  return parts.filter(({ length }) => length > 0);
}
