/** Makes prefixes, the part of a text that the noise model is shown before it writes a whole one. */
import type { RandomStream } from "../../random.ts";
import { specialTokens } from "./vocabulary.ts";

const { begin, end, mask, pad, separator } = specialTokens;

/** How a prefix is finished. */
export interface PrefixForm {
  /** The number of tokens that it is cut to, or padded to on the left. */
  readonly length: number;
  /** Whether the end token follows the text. */
  readonly ends: boolean;
}

/**
 * Makes the prefix of a text: `begin ++ text`, or `begin ++ text ++ end`, in which each token but a pair's
 * separator is masked with probability `maskRate` and a run of masks becomes one.
 */
export function maskedPrefix(
  text: ArrayLike<number>,
  maskRate: number,
  form: PrefixForm,
  random: RandomStream,
): number[] {
  return prefixOf(text, () => random.next() < maskRate, form);
}

/**
 * Makes the prefix in which one of the text's halves, drawn at random, is masked as a whole. The halves of a
 * pair are its two texts; a text that is alone is cut after half of its tokens.
 */
export function halfMaskedPrefix(text: readonly number[], form: PrefixForm, random: RandomStream): number[] {
  const between = text.indexOf(separator);
  const middle = between < 0 ? Math.ceil(text.length / 2) : between;
  const isSecond = random.integer(2) === 1;
  return prefixOf(text, (index) => index >= middle === isSecond, form);
}

function prefixOf(
  text: ArrayLike<number>,
  isMasked: (index: number) => boolean,
  { length, ends }: PrefixForm,
): number[] {
  const prefix: number[] = [begin];
  for (let index = 0; index < text.length; index++) {
    const masked = text[index] !== separator && isMasked(index);
    if (!masked) prefix.push(text[index]);
    else if (prefix.at(-1) !== mask) prefix.push(mask);
  }
  if (ends) prefix.push(end);
  const cut = prefix.slice(0, length);
  return [...new Array<number>(length - cut.length).fill(pad), ...cut];
}
