import type { RandomStream } from "../../random.ts";

/**
 * The noise model's special tokens, as ids of its vocabulary, which starts with them. The separator joins the two texts of a
 * pair; unknown stands for pieces outside the vocabulary.
 */
export const specialTokens = { pad: 0, begin: 1, end: 2, separator: 3, mask: 4, unknown: 5 } as const;
export const specialCount = 6;

/**
 * The prefix that the noise model completes (paper, section 3.3): begin + text with each token but the separator masked with
 * probability `maskRate`, a run of masks made one, cut to `length` and padded to it on the left.
 */
export function maskedPrefix(
  text: ArrayLike<number>,
  { maskRate, length }: { readonly maskRate: number; readonly length: number },
  random: RandomStream,
): number[] {
  const { begin, mask, pad, separator } = specialTokens;
  const prefix: number[] = [begin];
  for (let index = 0; index < text.length; index++) {
    const masked = text[index] !== separator && random.next() < maskRate;
    if (!masked) prefix.push(text[index]);
    else if (prefix.at(-1) !== mask) prefix.push(mask);
  }
  const cut = prefix.slice(0, length);
  return [...new Array<number>(length - cut.length).fill(pad), ...cut];
}
