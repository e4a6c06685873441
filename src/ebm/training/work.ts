/** How many tokens of MiniLM-L6 are trained on in a second, in float32 on two cores: docs/benchmarks.md. */
const usualTokensPerSecond = 2800;

/** How much of their limit texts usually fill: movie reviews have 27 tokens on average, of 128. */
const usualShare = 1 / 4;

/**
 * Says how much a training has to do.
 *
 * @param tokens the tokens of all steps' texts, if each were as long as it may be
 */
export function workOf(steps: number, tokens: number) {
  return { amount: tokens, steps, tokens, seconds: usualShare * tokens / usualTokensPerSecond };
}
