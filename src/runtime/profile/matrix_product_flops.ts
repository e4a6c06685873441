import type { NodeDef } from "../../graph/saved_model_pb.ts";

/**
 * Returns the shape that a tensor had in a run, by its reference; undefined where the run's metadata doesn't
 * have it.
 */
export type ShapeOf = (reference: string) => readonly number[] | undefined;

/**
 * Counts the floating-point operations of a matrix product [‥, m, k] · [‥, k, n]: 2·m·k·n for each matrix,
 * one product and one sum per step. It returns 0 for other kinds of operations. It also does so where the
 * metadata lacks the shapes, since a profile must not stop a stage.
 */
export function matrixProductFlops({ name, op, input, attr }: NodeDef, shapeOf: ShapeOf): number {
  // This covers MatMul, BatchMatMulV2, and what TensorFlow makes of them, such as _FusedMatMul.
  if (!op.includes("MatMul")) return 0;
  const [a, result] = [shapeOf(input[0]), shapeOf(name)];
  if (!a || !result) return 0;
  const transposed = attr[op.includes("Batch") ? "adj_x" : "transpose_a"]?.value.value === true;
  const inner = a.at(transposed ? -2 : -1)!;
  return 2 * inner * result.reduce((product, size) => product * size, 1);
}
