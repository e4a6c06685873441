/** One step of a work, the same for every program: the batches that it reads, in order. */
export interface Step {
  /** Number of tokens that matter: those of texts, not those of padding. */
  readonly tokens: number;
  readonly batches: readonly Batch[];
}

/** Texts that are read at once. */
export interface Batch {
  /** Token ids of each text. */
  readonly texts: readonly (readonly number[])[];
  /** Class of each text, where the batch is for cross-entropy. */
  readonly labels?: readonly number[];
}

/** The shape of a batch whose texts are equally long, so that there is no padding to leave out. */
export interface BatchShape {
  /** Number of texts. */
  readonly rows: number;
  /** Number of tokens in each text. */
  readonly length: number;
}
