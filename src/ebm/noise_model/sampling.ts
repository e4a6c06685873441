import { causalBias, vector } from "../../nn/packing.ts";
import type { RandomStream } from "../../random.ts";
import type { Session } from "../../runtime/session.ts";
import type { SamplerSignature } from "./sampler.ts";

/** When a sample ends, and where it begins. */
export interface SampleOptions {
  /** The token that ends a text. */
  readonly end: number;
  /** The number of tokens after which a text without an end is given up. */
  readonly maxTokens: number;
  /** The model's position of the first token. */
  readonly firstPosition: number;
}

/**
 * The tokens drawn for a prompt, without the end. Undefined, or null after a way through JSON, if no end was
 * reached.
 */
export type Sample = readonly number[] | undefined | null;

// Forgetting ended rows copies the memory of the others, so it waits until this share of the rows has ended.
const endedShare = 0.25;

// Growing copies the memory too, so it is done for this many tokens at a time. In between, products keep the
// sizes that TensorFlow compiled them for.
const growth = 16;

/**
 * Draws a continuation of each prompt; all prompts have the same length. Rows that have ended leave the batch
 * now and then.
 */
export function sampleBatch(
  session: Pick<Session<SamplerSignature>, "run">,
  prompts: readonly (readonly number[])[],
  { end, maxTokens, firstPosition }: SampleOptions,
  random: RandomStream,
): Sample[] {
  const samples: number[][] = prompts.map(() => []);
  const ended = new Set<number>();
  let rows = prompts.map((_, index) => index); // the prompt that each row of the session's memory belongs to
  let drawn = readPrompts(session, prompts, firstPosition, drawSeed(random));
  let known = prompts[0].length; // number of tokens of each row in the memory
  let places = known;
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
    if (known === places) {
      session.run("grow", { padding: { values: Int32Array.of(0, 0, 0, 0, 0, growth, 0, 0), shape: [4, 2] } });
      places += growth;
    }
    drawn = session.run("next", {
      ids: vector(drawn),
      positions: vector(rows.map(() => firstPosition + known)),
      place: known,
      bias: causalBias(known, places, 1),
      seed: drawSeed(random),
    }).integers("drawn");
    known++;
  }
  return samples.map((sample, prompt) => ended.has(prompt) ? sample : undefined);
}

/**
 * Reads prompts into the session's memory, and returns the token drawn after each. The tokens that all of
 * them begin with, mostly the padding of short prefixes, are read only once.
 */
function readPrompts(
  session: Pick<Session<SamplerSignature>, "run">,
  prompts: readonly (readonly number[])[],
  firstPosition: number,
  seed: number,
): Int32Array {
  const shared = sharedLength(prompts);
  session.run("forget");
  const read = (rows: readonly (readonly number[])[], known: number) => {
    const length = rows[0].length;
    return session.run("read", {
      ids: vector(rows.flat()),
      positions: vector(rows.flatMap((row) => row.map((_, index) => firstPosition + known + index))),
      last: vector(rows.map((_, row) => (row + 1) * length - 1)),
      bias: causalBias(known, known + length, length),
      seed,
    }).integers("drawn");
  };
  if (shared > 0) read([prompts[0].slice(0, shared)], 0);
  session.run("keep", { kept: vector(prompts.map(() => 0)) });
  return read(prompts.map((prompt) => prompt.slice(shared)), shared);
}

/** Counts the tokens that all prompts begin with, except the last, after which one is drawn. */
function sharedLength([first, ...others]: readonly (readonly number[])[]): number {
  const differs = first.findIndex((token, index) => others.some((prompt) => prompt[index] !== token));
  return differs < 0 ? first.length - 1 : Math.min(differs, first.length - 1);
}

/**
 * Draws the random numbers that `sampleBatch` drew for these samples, which leads the stream to where it was
 * after them.
 */
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
