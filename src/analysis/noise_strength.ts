import { fitLogisticRegression, scoreOf, type SparseRow } from "./logistic_regression.ts";

/** A text, or a pair of texts. */
interface Text {
  readonly text: string;
  readonly pair?: string | undefined;
}

/** How much alike noise texts and the texts of the data that they were made of are. */
export interface NoiseStrength {
  /** The number of noise texts, each of which is measured beside the text of the data that it was made of. */
  readonly texts: number;
  /** The share of texts in which some token follows itself at once. */
  readonly repeats: { readonly noise: number; readonly data: number };
  /**
   * How often a logistic regression on the counts of tokens, trained on every other text of the data and the noise
   * that was made of it, tells noise from data among the others; 0.5 is chance. Null where all noise is of one
   * text.
   */
  readonly bagOfWordsAccuracy: number | null;
}

/** A noise text, and the text of the data that it was made of. */
export interface NoisePair {
  readonly noise: Text;
  readonly data: Text;
}

/**
 * Measures noise beside the data that it was made of.
 *
 * @param pieces gives the tokens of a text
 */
export function noiseStrength(
  pairs: readonly NoisePair[],
  pieces: (text: string) => readonly number[],
): NoiseStrength {
  const tokens = ({ text, pair }: Text) => [pieces(text), ...(pair === undefined ? [] : [pieces(pair)])];
  const [noise, data] = (["noise", "data"] as const).map((kind) => pairs.map((each) => tokens(each[kind])));
  const share = (texts: readonly (readonly (readonly number[])[])[]) =>
    texts.filter((parts) => parts.some(repeatsAtOnce)).length / texts.length;
  return {
    texts: pairs.length,
    repeats: { noise: share(noise), data: share(data) },
    bagOfWordsAccuracy: heldOutAccuracy(
      noise.map((parts) => parts.flat()),
      data.map((parts) => parts.flat()),
      sourcesOf(pairs),
    ),
  };
}

function repeatsAtOnce(tokens: readonly number[]): boolean {
  return tokens.some((token, index) => index > 0 && token === tokens[index - 1]);
}

/** Numbers the texts of the data, of which each may have several noise texts, in the order in which they come. */
function sourcesOf(pairs: readonly NoisePair[]): readonly number[] {
  const numbers = new Map<string, number>();
  return pairs.map(({ data: { text, pair } }) =>
    numbers.getOrInsertComputed(JSON.stringify([text, pair]), () => numbers.size)
  );
}

/**
 * Trains on the pairs whose text of the data has an even number, and returns the accuracy on the others; noise is
 * class 1. A text of the data is on one side with all noise that was made of it.
 */
function heldOutAccuracy(
  noise: readonly (readonly number[])[],
  data: readonly (readonly number[])[],
  sources: readonly number[],
): number | null {
  const column = new Map<number, number>();
  const rows = [...noise, ...data].map((tokens) => countsOf(tokens, column));
  const texts = rows.map((row, index) => ({
    row,
    class: index < noise.length ? 1 : 0,
    source: sources[index % noise.length],
  }));
  const { even = [], odd = [] } = Object.groupBy(texts, ({ source }) => source % 2 === 0 ? "even" : "odd");
  if (odd.length === 0) return null;
  const classifier = fitLogisticRegression(
    even.map(({ row }) => row),
    even.map((of) => of.class),
    column.size,
  );
  const right = odd.filter((of) => Number(scoreOf(classifier, of.row) > 0) === of.class);
  return right.length / odd.length;
}

/** Counts tokens. A token's column is the number of tokens that were seen before it. */
function countsOf(tokens: readonly number[], column: Map<number, number>): SparseRow {
  const counts = new Map<number, number>();
  for (const token of tokens) {
    if (!column.has(token)) column.set(token, column.size);
    const at = column.get(token)!;
    counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return { columns: [...counts.keys()], values: [...counts.values()] };
}
