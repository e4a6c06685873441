import { join } from "node:path";
import { z } from "zod";
import type { Completion } from "../src/ebm/noise_model/completion.ts";
import { readNoiseModel } from "../src/ebm/noise_model/folder.ts";
import { labelComesFirst, prompt, target, withoutLabel } from "../src/ebm/noise_model/objective.ts";
import { samplerProgram } from "../src/ebm/noise_model/sampler.ts";
import { drawAgain, sampleBatch } from "../src/ebm/noise_model/sampling.ts";
import { neverSampled, noiseVocabulary, specialTokens } from "../src/ebm/noise_model/vocabulary.ts";
import { checkLength } from "../src/nn/config.ts";
import { loadTokenizer } from "../src/nn/tokenizer.ts";
import { poolOutputs, poolParameters, poolWork, shardRule, writePool } from "../src/noise/pool.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import { openSession } from "../src/runtime/session.ts";

const parameters = z.strictObject({
  ...poolParameters,
  topK: z.int().positive().default(20).describe("Only the k likeliest tokens can be drawn."),
  temperature: z.number().positive().default(1).describe("Divides the logits before a draw."),
  labelTemperature: z.number().positive().default(2).describe(
    "The temperature for a label that comes before its text, as in the authors' code.",
  ),
  maxTokens: z.int().positive().default(128).describe(
    "Samples without an end after so many tokens are dropped.",
  ),
}).refine(shardRule.holds, shardRule.otherwise);

export default defineStage({
  description: "Draws noise texts from the noise model, by top-k sampling after a prefix of each text",
  parameters,
  inputs: {
    data: { description: "the prepared data set" },
    model: { description: "the trained noise model, with its tokenizer" },
  },
  outputs: poolOutputs,
  native: true,
  work: poolWork,
  async run(context) {
    const { parameters, input } = context;
    const { batchSize, maxTokens } = parameters;

    // Read the noise model.
    const folder = join(input("model"), "model");
    const { config, sequence, pieces, classes, weights } = await readNoiseModel(folder);
    const tokenizer = await loadTokenizer(folder);
    const vocabulary = noiseVocabulary(tokenizer, pieces, classes);
    const { firstPosition, maxPositions } = config;
    const longest = sequence.prefixTokens + 1 + maxTokens;
    checkLength(longest, "the prefix, 1 and maxTokens together", maxPositions - firstPosition);

    // Build the sampler.
    const isClass = (token: number) => vocabulary.classOf(token) !== undefined;
    const others = [...new Array(vocabulary.size).keys()].filter((token) => !isClass(token));
    const first = labelComesFirst(sequence.objective)
      ? { ...parameters, temperature: parameters.labelTemperature, never: others }
      : undefined;
    const program = samplerProgram({ ...parameters, config, never: neverSampled, first }, weights);
    const session = await openSession(program, context);
    const sampling = { end: specialTokens.end, maxTokens, firstPosition };
    const completion: Completion = {
      batchSize,
      prompt: ({ ids }, masks) => ({ ids: prompt(Array.from(ids), sequence, masks) }),
      draw: (prompts, draws) =>
        sampleBatch(session, prompts.map(({ ids }) => Array.from(ids)), sampling, draws),
      drawAgain: (samples, draws) => drawAgain(samples, sampling, draws),
    };

    // Complete the masked texts, and write the samples that are texts.
    await writePool({
      ...context,
      ...{ stage: "sample-noise", data: input("data"), tokenizer, completion, maxTokens },
      encode: ({ text, pair, label }) => ({
        ids: target(vocabulary.encode(text, pair), vocabulary.classToken(label), sequence),
      }),
      decode(sample, { pair }) {
        const { text, label: token } = withoutLabel(sample, sequence.objective);
        const label = vocabulary.classOf(token);
        if (classes > 0 && label === undefined) return undefined;
        const decoded = vocabulary.decode(text, pair !== undefined);
        return decoded && { ...decoded, label };
      },
    });
    session.close();
  },
});
