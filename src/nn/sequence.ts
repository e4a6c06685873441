/** A text as a model reads it: the ids of its tokens. */
export interface Sequence {
  readonly ids: ArrayLike<number>;
  /** The segment of each token, for BERT's pairs; 0 for all tokens unless given. */
  readonly typeIds?: ArrayLike<number> | undefined;
}

/** Sequences that are asked for by their index: an array of them, or what takes less memory than one. */
export interface Sequences<Item extends Sequence = Sequence> {
  readonly length: number;
  at(index: number): Item | undefined;
}

/** The numbers that the work on a batch depends on. */
export interface BatchSize {
  readonly rows: number;
  readonly tokens: number;
  /** Σ tokens² over the rows, the number of pairs of tokens that see each other. */
  readonly tokenPairs: number;
}

/** Returns the size of a batch of sequences. */
export function batchSize(sequences: readonly Pick<Sequence, "ids">[]): BatchSize {
  const lengths = sequences.map(({ ids }) => ids.length);
  return {
    rows: lengths.length,
    tokens: lengths.reduce((total, length) => total + length, 0),
    tokenPairs: lengths.reduce((total, length) => total + length ** 2, 0),
  };
}
