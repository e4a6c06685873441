import type { RandomStream } from "../../random.ts";
import type { Session } from "../../runtime/session.ts";
import { mean } from "../../statistics.ts";
import { noiseBatch } from "./batch.ts";
import type { NoiseSequenceOptions } from "./objective.ts";

/** How well a noise model predicts texts. */
export interface Perplexity {
  /** The exponential of a scored token's mean loss. */
  readonly perplexity: number;
  /** The number of scored tokens. */
  readonly tokens: number;
}

const batchSize = 64;

/** Measures a model's perplexity on targets, each masked once; the same tokens are scored as in training. */
export function measurePerplexity(
  session: Pick<Session<"evaluate">, "run">,
  targets: readonly (readonly number[])[],
  sequence: NoiseSequenceOptions,
  masks: RandomStream,
): Perplexity {
  const starts = Array.from(
    { length: Math.ceil(targets.length / batchSize) },
    (_, index) => index * batchSize,
  );
  const losses = starts.flatMap((start) => {
    const { feeds } = noiseBatch(targets.slice(start, start + batchSize), sequence, masks);
    return [...session.run("evaluate", feeds).floats("losses")];
  });
  return { perplexity: Math.exp(mean(losses)), tokens: losses.length };
}
