import { create } from "@bufbuild/protobuf";
import assert from "node:assert/strict";
import { NodeDefSchema } from "../../../src/graph/saved_model_pb.ts";
import { matrixProductFlops } from "../../../src/runtime/profile/matrix_product_flops.ts";

const flag = (value: boolean) => ({ value: { case: "b" as const, value } });
const shapes = (known: Record<string, readonly number[]>) => (reference: string) => known[reference];

Deno.test("[5, 7] · [7, 3] takes a product and a sum for each of 7 terms of 15 elements", () => {
  const node = create(NodeDefSchema, { name: "y", op: "MatMul", input: ["a", "b"] });
  assert.equal(matrixProductFlops(node, shapes({ a: [5, 7], y: [5, 3] })), 2 * 5 * 7 * 3);
});

Deno.test("a transposed operand has its terms along the other axis", () => {
  const node = create(NodeDefSchema, {
    name: "y",
    op: "_MklNativeFusedMatMul",
    input: ["a:1", "b", "bias"],
    attr: { transpose_a: flag(true) },
  });
  assert.equal(matrixProductFlops(node, shapes({ "a:1": [7, 5], y: [5, 3] })), 2 * 5 * 7 * 3);
});

Deno.test("each matrix of a batch counts", () => {
  const node = create(NodeDefSchema, {
    name: "y",
    op: "BatchMatMulV2",
    input: ["a", "b"],
    attr: { adj_x: flag(true) },
  });
  assert.equal(matrixProductFlops(node, shapes({ a: [2, 4, 7, 5], y: [2, 4, 5, 3] })), 8 * 2 * 5 * 7 * 3);
});

Deno.test("other operations count nothing", () => {
  const node = create(NodeDefSchema, { name: "y", op: "Mul", input: ["a", "b"] });
  assert.equal(matrixProductFlops(node, shapes({ a: [5, 7], y: [5, 7] })), 0);
});
