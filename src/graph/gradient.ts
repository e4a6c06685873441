import type { Operation, Tensor, Variable } from "./graph.ts";
import { addLookups, isLookup } from "./ops/lookup.ts";

/**
 * Differentiates in reverse mode: returns the gradient of the scalar `loss` with respect to each variable
 * that it depends on, as new nodes of the same graph. Throws where the loss passes through an operation that
 * has no gradient.
 */
export function gradients(loss: Tensor, variables: Iterable<Variable>): Map<Variable, Tensor> {
  const wanted = new Set<Tensor>(Array.from(variables, ({ value }) => value));
  const operations = operationsBetween(loss, wanted);
  const upstream = new Map<Tensor, Tensor[]>([[loss, [loss.graph.constant(1)]]]);
  for (const operation of operations.reverse()) {
    const received = sum(upstream.get(operation.outputs[0]) ?? []);
    if (!received) continue;
    if (!operation.gradient) throw new Error(`${operation.name} has no gradient`);
    for (const [index, gradient] of operation.gradient(received).entries()) {
      const input = operation.inputs[index];
      if (!gradient || !wanted.has(input)) continue;
      upstream.set(input, [...upstream.get(input) ?? [], gradient()]);
    }
  }
  const found = Array.from(
    variables,
    (variable) => [variable, sum(upstream.get(variable.value) ?? [])] as const,
  );
  return new Map(found.filter((pair): pair is readonly [Variable, Tensor] => pair[1] !== undefined));
}

/**
 * Returns the operations on a path from `wanted` to `loss`, each after those that it depends on. The tensors
 * on these paths are added to `wanted`.
 */
function operationsBetween(loss: Tensor, wanted: Set<Tensor>): Operation[] {
  const reached = new Set<Operation>();
  const pending = [loss.source];
  for (let operation = pending.pop(); operation; operation = pending.pop()) {
    if (reached.has(operation)) continue;
    reached.add(operation);
    pending.push(...operation.inputs.map((input) => input.source));
  }
  const ordered = [...reached].sort((a, b) => a.order - b.order);
  return ordered.filter(({ inputs, outputs }) => {
    if (!inputs.some((input) => wanted.has(input))) return false;
    for (const output of outputs) wanted.add(output);
    return true;
  });
}

/** Adds up the gradients that one tensor receives. Those of lookups go into one table together. */
function sum(received: readonly Tensor[]): Tensor | undefined {
  const others = received.filter((gradient) => !isLookup(gradient));
  return addLookups(others.length < 2 ? others[0] : addAll(others), received.filter(isLookup));
}

function addAll(terms: readonly Tensor[]): Tensor {
  const [{ graph, dtype, shape }] = terms;
  return graph.operation("AddN", terms, {
    attributes: { T: dtype, N: terms.length },
    outputs: [{ dtype, shape }],
  })
    .outputs[0];
}
