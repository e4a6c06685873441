import type { Shape } from "./graph.ts";

/**
 * Stands for a size that nothing in the graph asks for, such as that of a memory that grows from run to run.
 */
export const unknownSize = -1;

/** Writes a shape as messages show it, such as `[tokens, 384]`. */
export function describeShape(shape: Shape): string {
  return `[${
    shape.map((dimension) => typeof dimension === "number" ? dimension : dimension.label).join(", ")
  }]`;
}

/**
 * Returns the shape that two operands give together by NumPy's rule: shapes are aligned at the end, and a
 * dimension of 1 stretches. Throws where they don't fit.
 */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new Error(`shapes ${describeShape(a)} and ${describeShape(b)} do not fit together`);
  });
}

/** Returns the axes along which a value of shape `from` was repeated to give shape `to`. */
export function broadcastAxes(from: Shape, to: Shape): number[] {
  const lead = to.length - from.length;
  return to.flatMap((dimension, axis) => axis < lead || from[axis - lead] !== dimension ? [axis] : []);
}

/** Turns axes that may count from the end, where −1 is the last, into ones that count from the start. */
export function positiveAxes(axes: readonly number[], rank: number): number[] {
  return axes.map((axis) => axis < 0 ? axis + rank : axis);
}
