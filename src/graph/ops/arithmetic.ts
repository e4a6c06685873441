import type { Gradient, Tensor } from "../graph.ts";
import type { DataType } from "../data_type.ts";
import { broadcastAxes, broadcastShapes } from "../shape.ts";
import { reshape } from "./layout.ts";
import { sum, sumOfRows } from "./sum.ts";

/** A tensor, or a number that stands for a scalar constant of the other operand's type. */
export type Operand = Tensor | number;

/** Computes a + b, element by element. */
export function add(a: Tensor, b: Operand): Tensor {
  return binary("AddV2", a, b, (x, y) => (upstream) => [
    () => unbroadcast(upstream, x),
    () => unbroadcast(upstream, y),
  ]);
}

/** Computes a − b, element by element. */
export function subtract(a: Tensor, b: Operand): Tensor {
  return binary("Sub", a, b, (x, y) => (upstream) => [
    () => unbroadcast(upstream, x),
    () => unbroadcast(negate(upstream), y),
  ]);
}

/** Computes a · b, element by element. */
export function multiply(a: Tensor, b: Operand): Tensor {
  return binary("Mul", a, b, (x, y) => (upstream) => [
    () => unbroadcast(multiply(upstream, y), x),
    () => unbroadcast(multiply(upstream, x), y),
  ]);
}

/** Computes a / b, element by element. */
export function divide(a: Tensor, b: Operand): Tensor {
  return binary("RealDiv", a, b, (x, y) => (upstream) => [
    () => unbroadcast(divide(upstream, y), x),
    () => unbroadcast(negate(divide(multiply(upstream, x), square(y))), y),
  ]);
}

/** Returns the larger of a and b, element by element. It has no gradient, since nothing here needs one. */
export function maximum(a: Tensor, b: Operand): Tensor {
  return binary("Maximum", a, b);
}

/** Computes −x. */
export function negate(x: Tensor): Tensor {
  return unary("Neg", x, () => (upstream) => [() => negate(upstream)]);
}

/** Computes x². */
export function square(x: Tensor): Tensor {
  return unary("Square", x, () => (upstream) => [() => multiply(upstream, multiply(x, 2))]);
}

/** Computes √x. */
export function squareRoot(x: Tensor): Tensor {
  return unary("Sqrt", x, (y) => (upstream) => [() => divide(multiply(upstream, 0.5), y)]);
}

/** Computes 1 / √x. */
export function reciprocalSquareRoot(x: Tensor): Tensor {
  return unary(
    "Rsqrt",
    x,
    (y) => (upstream) => [() => multiply(multiply(upstream, -0.5), multiply(square(y), y))],
  );
}

/** Computes eˣ. */
export function exponential(x: Tensor): Tensor {
  return unary("Exp", x, (y) => (upstream) => [() => multiply(upstream, y)]);
}

/** Computes ln x. */
export function logarithm(x: Tensor): Tensor {
  return unary("Log", x, () => (upstream) => [() => divide(upstream, x)]);
}

/** Casts numbers to another type; the gradient is cast back. Casting a tensor twice makes one node. */
export function cast(x: Tensor, dtype: DataType): Tensor {
  if (x.dtype === dtype) return x;
  return x.graph.once(`cast ${x.reference} ${dtype}`, () =>
    x.graph.operation("Cast", [x], {
      attributes: { SrcT: x.dtype, DstT: dtype },
      outputs: [{ dtype, shape: x.shape }],
      gradient: (upstream) => [() => cast(upstream, x.dtype)],
    }).outputs[0]);
}

/** Adds a unary operation that keeps type and shape. Its gradient may use the result y. */
export function unary(type: string, x: Tensor, gradient?: (y: Tensor) => Gradient): Tensor {
  const operation = x.graph.operation(type, [x], {
    attributes: { T: x.dtype },
    outputs: [x],
    gradient: gradient && ((upstream) => gradient(operation.outputs[0])(upstream)),
  });
  return operation.outputs[0];
}

function binary(type: string, a: Tensor, b: Operand, gradient?: (x: Tensor, y: Tensor) => Gradient): Tensor {
  const other = typeof b === "number"
    ? cast(a.graph.constant(b, a.dtype === "int32" ? "int32" : "float32"), a.dtype)
    : b;
  return a.graph.operation(type, [a, other], {
    attributes: { T: a.dtype },
    outputs: [{ dtype: a.dtype, shape: broadcastShapes(a.shape, other.shape) }],
    gradient: gradient?.(a, other),
  }).outputs[0];
}

/** Sums a gradient over the axes along which `target` was repeated. */
function unbroadcast(gradient: Tensor, target: Tensor): Tensor {
  const axes = broadcastAxes(target.shape, gradient.shape);
  if (target.shape.length === 1 && gradient.shape.length === 2 && axes.length === 1) {
    return sumOfRows(gradient);
  }
  return axes.length === 0 ? gradient : reshape(sum(gradient, axes), target.shape);
}
