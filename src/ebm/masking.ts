import type { RandomStream } from "../random.ts";

/** The noise model's special tokens, as ids of its vocabulary. */
export interface SpecialTokens {
  readonly pad: number;
  readonly begin: number;
  readonly end: number;
  /** Joins the two texts of a pair. */
  readonly separator: number;
  readonly mask: number;
}

/**
 * The prefix that the noise model completes (paper, section 3.3): begin + text with each token but the separator masked with
 * probability `maskRate`, a run of masks made one, cut to `length` and padded to it on the left.
 */
export function maskedPrefix(
  text: ArrayLike<number>,
  { maskRate, length, tokens }: {
    readonly maskRate: number;
    readonly length: number;
    readonly tokens: SpecialTokens;
  },
  random: RandomStream,
): number[] {
  const prefix = [tokens.begin];
  for (let index = 0; index < text.length; index++) {
    const masked = text[index] !== tokens.separator && random.next() < maskRate;
    if (!masked) prefix.push(text[index]);
    else if (prefix.at(-1) !== tokens.mask) prefix.push(tokens.mask);
  }
  const cut = prefix.slice(0, length);
  return [...new Array<number>(length - cut.length).fill(tokens.pad), ...cut];
}
