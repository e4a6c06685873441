/** The numbers of one tensor in float32, row by row: a weight of a model, or the optimizer's mean for one. */
export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A model's weights by the names of its variables. */
export type Weights = ReadonlyMap<string, Weight>;

/** Looks up the numbers of a variable's weight. Throws where the weight is missing or has another shape. */
export function weightOf(
  weights: Weights,
  { name, shape }: { readonly name: string; readonly shape: readonly number[] },
): Float32Array {
  const weight = weights.get(name);
  if (weight && `${weight.shape}` === `${shape}`) return weight.data;
  throw new Error(`${name} has shape [${shape}]; given: ${weight ? `[${weight.shape}]` : "nothing"}`);
}
