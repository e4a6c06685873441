import type { Tokenizer } from "../../nn/tokenizer.ts";
import type { Text } from "../../nn/text.ts";

/**
 * The noise model's special tokens, as ids of its vocabulary, which starts with them. The separator joins the two texts of a
 * pair; unknown stands for pieces outside the vocabulary.
 */
export const specialTokens = { pad: 0, begin: 1, end: 2, separator: 3, mask: 4, unknown: 5 } as const;

/** The special tokens that no sample may hold: all but the end and the separator. */
export const neverSampled: readonly number[] = [
  specialTokens.pad,
  specialTokens.begin,
  specialTokens.mask,
  specialTokens.unknown,
];

const specialCount = Object.keys(specialTokens).length;

/**
 * The noise model's vocabulary: six special tokens, then the pieces that the task's texts are made of. A pretrained vocabulary
 * is far larger, and its other pieces would only cost time in the softmax over all of them.
 */
export interface NoiseVocabulary {
  readonly size: number;
  /** The tokenizer's id of each piece, ascending; piece i has the id `specialCount + i` here. */
  readonly pieces: readonly number[];
  /** Ids of `text`, or of `text <SEP> pair`. Pieces outside the vocabulary become the unknown token. */
  encode(text: string, pair?: string): number[];
  /** The text of generated ids; undefined where a pair doesn't hold exactly one separator or another special token occurs. */
  decode(ids: readonly number[], pairs: boolean): Text | undefined;
}

/** Where the embeddings of the special tokens come from, by names in a checkpoint's vocabulary; others start at random. */
export const specialSources: readonly (readonly string[])[] = [
  ["[PAD]", "<pad>"],
  ["[CLS]", "<s>", "<|endoftext|>"],
  ["[SEP]", "</s>", "<|endoftext|>"],
  ["[unused0]"],
  ["[MASK]", "<mask>"],
  ["[UNK]", "<unk>"],
];

/** The vocabulary of these texts. */
export function collectPieces(tokenizer: Tokenizer, texts: Iterable<Text>): number[] {
  const seen = new Set<number>();
  for (const { text, pair = "" } of texts) {
    for (const id of [...tokenizer.pieces(text), ...tokenizer.pieces(pair)]) seen.add(id);
  }
  return [...seen].sort((a, b) => a - b);
}

/** The vocabulary made of these pieces, as `collectPieces` gave them. */
export function noiseVocabulary(tokenizer: Tokenizer, pieces: readonly number[]): NoiseVocabulary {
  const ids = new Map(pieces.map((piece, index) => [piece, specialCount + index]));
  const encodeOne = (text: string) =>
    Array.from(tokenizer.pieces(text), (piece) => ids.get(piece) ?? specialTokens.unknown);
  const decodeOne = (part: readonly number[]) =>
    tokenizer.decode(part.map((id) => pieces[id - specialCount]));
  return {
    size: specialCount + pieces.length,
    pieces,
    encode: (text, pair) =>
      pair === undefined
        ? encodeOne(text)
        : [...encodeOne(text), specialTokens.separator, ...encodeOne(pair)],
    decode(generated, pairs) {
      const specials = generated.filter((id) => id < specialCount);
      const expected = pairs ? [specialTokens.separator] : [];
      if (`${specials}` !== `${expected}`) return undefined;
      if (!pairs) return { text: decodeOne(generated) };
      const middle = generated.indexOf(specialTokens.separator);
      return { text: decodeOne(generated.slice(0, middle)), pair: decodeOne(generated.slice(middle + 1)) };
    },
  };
}
