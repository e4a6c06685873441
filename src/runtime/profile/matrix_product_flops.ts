import type { NodeDef } from "../../graph/saved_model_pb.ts";

/** The shape of a tensor as it came out in a run, by its reference; undefined where the run doesn't tell. */
export type ShapeOf = (reference: string) => readonly number[] | undefined;

/**
 * The floating-point operations of a matrix product [‥, m, k] · [‥, k, n]: 2·m·k·n for each matrix, a product and a sum. 0 for
 * other kinds of operations, and where the run doesn't tell the shapes, since a profile must not stop a stage.
 */
export function matrixProductFlops({ name, op, input, attr }: NodeDef, shapeOf: ShapeOf): number {
  if (!op.includes("MatMul")) return 0; // MatMul, BatchMatMulV2, and what TensorFlow makes of them, such as _FusedMatMul
  const [a, result] = [shapeOf(input[0]), shapeOf(name)];
  if (!a || !result) return 0;
  const transposed = attr[op.includes("Batch") ? "adj_x" : "transpose_a"]?.value.value === true;
  const inner = a.at(transposed ? -2 : -1)!;
  return 2 * inner * result.reduce((product, size) => product * size, 1);
}
