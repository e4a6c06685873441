import { causalBias, vector } from "../nn/packing.ts";
import type { RandomStream } from "../random.ts";
import type { Feed, Session } from "../runtime/session.ts";
import type { SamplerSignature } from "./sampler_program.ts";

/**
 * Draws a continuation of each prompt, all of one length, until the end token or `maxTokens`; undefined for those that reached no
 * end. Rows that have ended leave the batch, so that they cost nothing more.
 */
export function sampleBatch(
  session: Session<SamplerSignature>,
  prompts: readonly (readonly number[])[],
  { end, maxTokens }: { readonly end: number; readonly maxTokens: number },
  random: RandomStream,
): (number[] | undefined)[] {
  const samples: number[][] = prompts.map(() => []);
  const ended = new Set<number>();
  let rows = prompts.map((_, index) => index); // which prompt each row of the session's memory belongs to
  let drawn = session.run("start", startFeeds(prompts, random)).integers("drawn");
  for (let length = 1; length <= maxTokens; length++) {
    const kept: number[] = [];
    for (const [row, prompt] of rows.entries()) {
      if (drawn[row] === end) ended.add(prompt);
      else {
        samples[prompt].push(drawn[row]);
        kept.push(row);
      }
    }
    if (kept.length === 0 || length === maxTokens) break;
    const position = prompts[0].length + length - 1;
    drawn = session.run("next", {
      ids: vector(kept.map((row) => drawn[row])),
      positions: vector(kept.map(() => position)),
      kept: vector(kept),
      seed: random.integer(2 ** 31),
    }).integers("drawn");
    rows = kept.map((row) => rows[row]);
  }
  return samples.map((sample, prompt) => ended.has(prompt) ? sample : undefined);
}

function startFeeds(prompts: readonly (readonly number[])[], random: RandomStream): Record<string, Feed> {
  const length = prompts[0].length;
  return {
    ids: vector(prompts.flat()),
    positions: vector(prompts.flatMap((prompt) => prompt.map((_, index) => index))),
    last: vector(prompts.map((_, row) => (row + 1) * length - 1)),
    bias: causalBias(length),
    seed: random.integer(2 ** 31),
  };
}
