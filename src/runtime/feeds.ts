import type { Tensor } from "../graph/graph.ts";
import type { Signature } from "../graph/program.ts";
import { describeShape } from "../graph/shape.ts";

/** The numbers for a placeholder: a scalar, or values in row-major order with their shape. */
export type Feed = number | { readonly values: Float32Array | Int32Array; readonly shape: readonly number[] };

/**
 * Throws where the feeds don't fit the signature. They are checked here because TensorFlow.js accepts a feed
 * of the wrong rank and reads beyond its end.
 */
export function checkFeeds(name: string, signature: Signature, feeds: Readonly<Record<string, Feed>>): void {
  const expected = Object.keys(signature.inputs).sort().join(", ");
  const given = Object.keys(feeds).sort().join(", ");
  if (expected !== given) throw new Error(`${name} takes the feeds ${expected}; given: ${given}`);
  const sizes = new Map<string, number>();
  for (const [input, tensor] of Object.entries(signature.inputs)) {
    const shape = fedShape(feeds[input], tensor);
    const fits = shape?.length === tensor.shape.length && tensor.shape.every((dimension, axis) => {
      if (typeof dimension === "number") return dimension === shape[axis];
      const size = sizes.get(dimension.label) ?? shape[axis];
      sizes.set(dimension.label, size);
      return size === shape[axis];
    });
    if (fits) continue;
    const wanted = `${tensor.dtype} ${describeShape(tensor.shape)}`;
    throw new Error(
      `${name}: "${input}" takes ${wanted} (${JSON.stringify(Object.fromEntries(sizes))}); given: [${shape}]`,
    );
  }
}

/**
 * Returns the shape of a feed, or undefined where its type isn't the placeholder's or its values don't fill
 * its shape.
 */
function fedShape(feed: Feed, { dtype }: Tensor): readonly number[] | undefined {
  if (typeof feed === "number") return [];
  const length = feed.shape.reduce((product, size) => product * size, 1);
  const typed = dtype === "float32" ? feed.values instanceof Float32Array : feed.values instanceof Int32Array;
  return typed && length === feed.values.length ? feed.shape : undefined;
}
