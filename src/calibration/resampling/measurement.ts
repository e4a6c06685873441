/** How often each example counts, such as how often a resample has drawn it. [n] */
export type Weights = Int32Array;

/**
 * A function that measures figures of the same examples again and again, each time with other weights;
 * without weights each example counts once. Sorting, binning and ranking are done beforehand, so that a
 * measurement takes a time that is linear in the number of examples, and thousands of resamples can be
 * measured.
 */
export type Measurement<Figures> = (weights?: Weights) => Figures;
