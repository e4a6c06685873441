import type { Tokenizer } from "../../nn/tokenizer.ts";
import type { Text } from "../../nn/text.ts";

/**
 * The ids of the noise model's special tokens, with which its vocabulary starts. The separator joins the two
 * texts of a pair; unknown stands for pieces outside the vocabulary.
 */
export const specialTokens = { pad: 0, begin: 1, end: 2, separator: 3, mask: 4, unknown: 5 } as const;

/** The special tokens that no sample may hold: all but the end and the separator of a pair. */
export const neverSampled: readonly number[] = [
  specialTokens.pad,
  specialTokens.begin,
  specialTokens.mask,
  specialTokens.unknown,
];

const specialCount = Object.keys(specialTokens).length;

/**
 * The noise model's vocabulary: its special tokens, then the pieces that the task's texts are made of, then a
 * token for each class where labels are written. A pretrained vocabulary is far larger, and its other pieces
 * would only make the softmax slower.
 */
export interface NoiseVocabulary {
  readonly size: number;
  /**
   * The tokenizer's id of each piece, ascending. Here piece i has the id i plus the number of special tokens.
   */
  readonly pieces: readonly number[];
  /** The number of classes that have a token; 0 where the objective has no labels. */
  readonly classes: number;
  /** Returns the token of a class. */
  classToken(label: number): number;
  /** Returns the class of a token; undefined where it is no class's. */
  classOf(token: number | undefined): number | undefined;
  /**
   * Returns the ids of `text`, or of `text <SEP> pair`. Pieces outside the vocabulary become the unknown
   * token.
   */
  encode(text: string, pair?: string): number[];
  /**
   * Returns the text of generated ids; undefined where a special token occurs, but for the one separator that
   * a pair must hold.
   */
  decode(ids: readonly number[], pairs: boolean): Text | undefined;
}

/**
 * The names by which a checkpoint's vocabulary may know each special token, whose embedding then starts from
 * there.
 */
export const specialSources: readonly (readonly string[])[] = [
  ["[PAD]", "<pad>"],
  ["[CLS]", "<s>", "<|endoftext|>"],
  ["[SEP]", "</s>", "<|endoftext|>"],
  ["[unused0]"],
  ["[MASK]", "<mask>"],
  ["[UNK]", "<unk>"],
];

/** Collects the pieces of texts, as the tokenizer's ids, ascending. */
export function collectPieces(tokenizer: Tokenizer, texts: Iterable<Text>): number[] {
  const seen = new Set<number>();
  for (const { text, pair = "" } of texts) {
    for (const id of [...tokenizer.pieces(text), ...tokenizer.pieces(pair)]) seen.add(id);
  }
  return [...seen].sort((a, b) => a - b);
}

/**
 * Makes the vocabulary of pieces that `collectPieces` gave.
 *
 * @param classes The number of classes that get a token.
 */
export function noiseVocabulary(
  tokenizer: Tokenizer,
  pieces: readonly number[],
  classes: number,
): NoiseVocabulary {
  const firstClass = specialCount + pieces.length;
  const isPiece = (id: number) => id >= specialCount && id < firstClass;
  const ids = new Map(pieces.map((piece, index) => [piece, specialCount + index]));
  const encodeOne = (text: string) =>
    Array.from(tokenizer.pieces(text), (piece) => ids.get(piece) ?? specialTokens.unknown);
  const decodeOne = (part: readonly number[]) =>
    tokenizer.decode(part.map((id) => pieces[id - specialCount]));
  return {
    size: firstClass + classes,
    pieces,
    classes,
    classToken: (label) => firstClass + label,
    classOf: (token = 0) => token >= firstClass ? token - firstClass : undefined,
    encode: (text, pair) =>
      pair === undefined
        ? encodeOne(text)
        : [...encodeOne(text), specialTokens.separator, ...encodeOne(pair)],
    decode(generated, pairs) {
      const specials = generated.filter((id) => !isPiece(id));
      const expected = pairs ? [specialTokens.separator] : [];
      if (`${specials}` !== `${expected}`) return undefined;
      if (!pairs) return { text: decodeOne(generated) };
      const middle = generated.indexOf(specialTokens.separator);
      return { text: decodeOne(generated.slice(0, middle)), pair: decodeOne(generated.slice(middle + 1)) };
    },
  };
}
