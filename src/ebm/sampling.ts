import { causalBias, vector } from "../nn/packing.ts";
import type { RandomStream } from "../random.ts";
import type { Feed, Session } from "../runtime/session.ts";
import type { SamplerSignature } from "./sampler_program.ts";

export interface SampleOptions {
  /** The token that ends a text. */
  readonly end: number;
  readonly maxTokens: number;
  /** The model's position of the first token. */
  readonly firstPosition: number;
}

/** The tokens drawn for a prompt, without the end; undefined, or null where JSON held it, if there was none. */
export type Sample = readonly number[] | undefined | null;

// Forgetting ended rows copies the memory of the others, so it waits until this share of the rows has ended.
const endedShare = 0.25;

/**
 * Draws a continuation of each prompt, all of one length, until the end token or `maxTokens`; undefined for those that reached no
 * end. Rows that have ended leave the batch.
 */
export function sampleBatch(
  session: Session<SamplerSignature>,
  prompts: readonly (readonly number[])[],
  { end, maxTokens, firstPosition }: SampleOptions,
  random: RandomStream,
): Sample[] {
  const samples: number[][] = prompts.map(() => []);
  const ended = new Set<number>();
  let rows = prompts.map((_, index) => index); // which prompt each row of the session's memory belongs to
  let drawn = session.run("start", startFeeds(prompts, firstPosition, random)).integers("drawn");
  for (let length = 1;; length++) {
    for (const [row, prompt] of rows.entries()) {
      if (drawn[row] === end) ended.add(prompt);
      else if (!ended.has(prompt)) samples[prompt].push(drawn[row]);
    }
    const going = [...rows.keys()].filter((row) => !ended.has(rows[row]));
    if (going.length === 0 || length === maxTokens) break;
    if (going.length <= (1 - endedShare) * rows.length) {
      session.run("keep", { kept: vector(going) });
      drawn = Int32Array.from(going, (row) => drawn[row]);
      rows = going.map((row) => rows[row]);
    }
    const position = firstPosition + prompts[0].length + length - 1;
    drawn = session.run("next", {
      ids: vector(drawn),
      positions: vector(rows.map(() => position)),
      seed: drawSeed(random),
    }).integers("drawn");
  }
  return samples.map((sample, prompt) => ended.has(prompt) ? sample : undefined);
}

function startFeeds(
  prompts: readonly (readonly number[])[],
  firstPosition: number,
  random: RandomStream,
): Record<string, Feed> {
  const length = prompts[0].length;
  return {
    ids: vector(prompts.flat()),
    positions: vector(prompts.flatMap((prompt) => prompt.map((_, index) => firstPosition + index))),
    last: vector(prompts.map((_, row) => (row + 1) * length - 1)),
    bias: causalBias(length),
    seed: drawSeed(random),
  };
}

/** Draws what `sampleBatch` drew for these samples, so that the stream is where it was after them. */
export function drawAgain(
  samples: readonly Sample[],
  { maxTokens }: Pick<SampleOptions, "maxTokens">,
  random: RandomStream,
): void {
  const longest = Math.max(...samples.map((sample) => sample ? sample.length + 1 : maxTokens));
  for (let drawn = 0; drawn < longest; drawn++) drawSeed(random);
}

function drawSeed(random: RandomStream): number {
  return random.integer(2 ** 31);
}
