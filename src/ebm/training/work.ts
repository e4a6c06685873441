/** How fast a training of MiniLM-L6 usually is, in float32 with one thread. */
export interface UsualPace {
  /** What one of two threads does (docs/benchmarks.md). */
  readonly tokensPerSecond: number;
  /** How much of their limit its texts usually fill. */
  readonly filled: number;
}

/** A classifier's pace on movie reviews, which have 27 tokens on average, of 128. */
export const classifierPace: UsualPace = { tokensPerSecond: 1400, filled: 1 / 4 };

/** A noise model scores its vocabulary at each token, and reads each text after a masked copy of it. */
export const noiseModelPace: UsualPace = { tokensPerSecond: 650, filled: 0.4 };

/**
 * Says how much a training has to do.
 *
 * @param tokens the tokens of all steps' texts, if each were as long as it may be
 */
export function workOf(steps: number, tokens: number, { tokensPerSecond, filled }: UsualPace) {
  return { amount: tokens, steps, tokens, threadSeconds: filled * tokens / tokensPerSecond };
}
