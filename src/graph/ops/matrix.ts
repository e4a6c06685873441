import type { DataType } from "../data_type.ts";
import { type Tensor, withGradient } from "../graph.ts";
import { describeShape } from "../shape.ts";
import { cast } from "./arithmetic.ts";
import { sumOfRows } from "./sum.ts";

/** Which operands are transposed, and the type of the product. */
export interface MatrixProductOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /**
   * The type of the result, by default float32. A result that is only moved and multiplied again can stay in
   * the graph's precision.
   */
  readonly dtype?: DataType;
}

/**
 * Multiplies matrices along the last two axes: a […, m, k] · b […, k, n] = […, m, n], each operand transposed
 * first if asked for. The product is computed in the graph's precision, and each gradient has the type of its
 * operand.
 */
export function matmul(a: Tensor, b: Tensor, options: MatrixProductOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, dtype = "float32" } = options;
  return withGradient(cast(product(a, b, transposeA, transposeB), dtype), [a, b], (upstream) => [
    () =>
      transposeA
        ? matmul(b, upstream, { transposeA: transposeB, transposeB: true, dtype: a.dtype })
        : matmul(upstream, b, { transposeB: !transposeB, dtype: a.dtype }),
    () =>
      transposeB
        ? matmul(upstream, a, { transposeA: true, transposeB: transposeA, dtype: b.dtype })
        : matmul(a, upstream, { transposeA: !transposeA, dtype: b.dtype }),
  ]);
}

/** Adds a bias to each row, in the type of x: x [rows, n] and bias [n] give [rows, n]. */
export function addBias(x: Tensor, bias: Tensor): Tensor {
  return x.graph.operation("BiasAdd", [x, cast(bias, x.dtype)], {
    attributes: { T: x.dtype, data_format: { text: "NHWC" } },
    outputs: [x],
    gradient: (upstream) => [() => upstream, () => sumOfRows(upstream)],
  }).outputs[0];
}

/** Multiplies in the graph's precision, which the result has too. */
function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  const [m, k] = lastTwo(a, transposeA);
  const [inner, n] = lastTwo(b, transposeB);
  if (k !== inner || a.shape.length !== b.shape.length) {
    const [left, right] = [a, b].map((operand) => describeShape(operand.shape));
    throw new Error(
      `cannot multiply ${left} (transposed: ${transposeA}) by ${right} (transposed: ${transposeB})`,
    );
  }
  const dtype = a.graph.precision;
  const [type, attributes] = a.shape.length === 2
    ? ["MatMul", { transpose_a: transposeA, transpose_b: transposeB }]
    : ["BatchMatMulV2", { adj_x: transposeA, adj_y: transposeB }];
  const { outputs } = a.graph.operation(type, [cast(a, dtype), cast(b, dtype)], {
    attributes: { T: dtype, ...attributes },
    outputs: [{ dtype, shape: [...a.shape.slice(0, -2), m, n] }],
  });
  return outputs[0];
}

function lastTwo({ shape }: Tensor, transposed: boolean) {
  const [rows, columns] = shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}
