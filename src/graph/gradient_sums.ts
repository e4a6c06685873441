import type { Graph, Operation, Tensor, Variable } from "./graph.ts";

/** Maps each variable to another one that holds the sum of its gradients over several runs of a session. */
export type GradientSums = ReadonlyMap<Variable, Variable>;

/** Adds variables for the sums of gradients. They hold nothing until they are set to 0. */
export function gradientSums(graph: Graph, variables: Iterable<Variable>): GradientSums {
  return new Map(Array.from(variables, (variable) => {
    const { name, shape } = variable;
    return [variable, graph.variable(`${name}/gradients`, shape)];
  }));
}

/** Returns the operations that add gradients to their sums. */
export function addToSums(sums: GradientSums, gradients: ReadonlyMap<Variable, Tensor>): Operation[] {
  return Array.from(gradients, ([variable, gradient]) => {
    const { handle } = sums.get(variable)!;
    return gradient.graph.operation("AssignAddVariableOp", [handle, gradient], {
      attributes: { dtype: "float32" },
    });
  });
}

/** Returns the sums in the form of gradients. */
export function valuesOf(sums: GradientSums): Map<Variable, Tensor> {
  return new Map(Array.from(sums, ([variable, { value }]) => [variable, value]));
}
