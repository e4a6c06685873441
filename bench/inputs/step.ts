/** One step of a work, the same for every competitor: the batches that it reads, in order. */
export interface Step {
  /** Tokens that matter: those of texts, none of padding. */
  readonly tokens: number;
  readonly batches: readonly Batch[];
}

export interface Batch {
  /** Token ids of each text. */
  readonly texts: readonly (readonly number[])[];
  readonly labels?: readonly number[];
}

/** Does one step and returns how many tokens mattered in it. */
export type Perform = (step: Step) => number;

/** How the programs of all works are run: as issue and stages have it, but on both cores. */
export interface WorkOptions {
  readonly scratch: string;
  readonly threads: number;
}
