/** A text as a model reads it. */
export interface Sequence {
  readonly ids: ArrayLike<number>;
  /** Segment of each token (BERT's pairs); 0 throughout where it isn't given. */
  readonly typeIds?: ArrayLike<number> | undefined;
}

/** What the work on a batch depends on. */
export interface BatchSize {
  readonly rows: number;
  readonly tokens: number;
  /** Σ tokens² over the rows: how many pairs of tokens see each other. */
  readonly tokenPairs: number;
}

/** The size of a batch of sequences. */
export function batchSize(sequences: readonly Pick<Sequence, "ids">[]): BatchSize {
  const lengths = sequences.map(({ ids }) => ids.length);
  return {
    rows: lengths.length,
    tokens: lengths.reduce((total, length) => total + length, 0),
    tokenPairs: lengths.reduce((total, length) => total + length ** 2, 0),
  };
}
