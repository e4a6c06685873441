import { neverSampled, specialTokens } from "../../src/ebm/noise_model/vocabulary.ts";
import { readNoiseModel } from "../../src/ebm/noise_model/folder.ts";
import { samplerProgram } from "../../src/ebm/noise_model/sampler.ts";
import { sampleBatch } from "../../src/ebm/noise_model/sampling.ts";
import type { Precision } from "../../src/graph/graph.ts";
import { randomStream } from "../../src/random.ts";
import { openSession } from "../../src/runtime/session.ts";
import type { Perform, WorkOptions } from "./perform.ts";

/** Completes a step's prompts, which are all of one length. Only samples that come to their end count. */
export interface SamplingWork {
  readonly kind: "sampling";
  /** Path of a trained noise model's folder. An untrained model's samples would hardly ever end. */
  readonly model: string;
  readonly precision: Precision;
  readonly maxTokens: number;
  readonly counted: "tokens" | "samples";
}

/** Builds the program that `sample-noise` draws with, with its usual settings. */
export async function prepareSampling(work: SamplingWork, options: WorkOptions): Promise<Perform> {
  const { config, weights } = await readNoiseModel(work.model);
  const sampler = { config, precision: work.precision, topK: 20, temperature: 1, never: neverSampled };
  const session = await openSession(samplerProgram(sampler, weights), options);
  const draws = randomStream(1, "bench/draws");
  const { maxTokens, counted } = work;
  const { firstPosition } = config;
  const { end } = specialTokens;
  return ({ batches }) => {
    const samples = batches.flatMap(({ texts }) =>
      sampleBatch(session, texts, { end, maxTokens, firstPosition }, draws)
    );
    const lengths = samples.flatMap((sample) => sample ? [sample.length + 1] : []);
    return counted === "samples" ? lengths.length : lengths.reduce((total, length) => total + length, 0);
  };
}
