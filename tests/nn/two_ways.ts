import { weightFeeds } from "../../src/ebm/training/weights.ts";
import { gradients } from "../../src/graph/gradient.ts";
import type { Graph, Tensor } from "../../src/graph/graph.ts";
import { multiply, square, sum } from "../../src/graph/ops.ts";
import { assignments, compile } from "../../src/graph/program.ts";
import type { Drop } from "../../src/nn/layers.ts";
import { pack, type PackedInputs } from "../../src/nn/packing.ts";
import { type Fetched, openSession } from "../../src/runtime/session.ts";
import { scratch } from "../scratch.ts";
import { randomWeights, tinyContrast } from "../tiny_classifier.ts";

/**
 * Takes the place of dropout, which would draw other masks for each way. With it the weights of attention
 * don't sum to 1.
 */
export const shrink: Drop = (x, rate) => multiply(x, 1 - 3 * rate);

/** The results of two ways to the same states, run on the same texts with the same random weights. */
export interface TwoWays {
  /** The names of the variables that the loss is differentiated by. */
  readonly variables: readonly string[];
  /** Holds `<way>/states`, and `<way>/<variable>` for each gradient that there is. */
  readonly outputs: ReadonlySet<string>;
  readonly found: Fetched;
}

/** Runs ways to compute states, with the gradients of a loss that is made from them. */
export async function runTwoWays(
  graph: Graph,
  inputs: PackedInputs,
  causal: boolean,
  ways: Readonly<Record<string, Tensor>>,
): Promise<TwoWays> {
  const variables = [...graph.variables.values()];
  const outputs: Record<string, Tensor> = {};
  for (const [way, states] of Object.entries(ways)) {
    outputs[`${way}/states`] = states;
    // The loss isn't a sum of squares, because after a layer normalisation that would be constant.
    const loss = sum(multiply(square(states), states));
    for (const [{ name }, gradient] of gradients(loss, variables)) outputs[`${way}/${name}`] = gradient;
  }
  const program = compile(graph, {
    assign: assignments(graph, variables),
    run: { inputs: inputs.feeds, outputs },
  });
  const session = await openSession(program, { scratch, threads: 1 });
  session.run("assign", weightFeeds(randomWeights(variables)));
  const found = session.run("run", pack(tinyContrast([3, 9, 1, 8, 2, 9]).data, 0, causal));
  session.close();
  return { variables: variables.map(({ name }) => name), outputs: new Set(Object.keys(outputs)), found };
}

/** Returns the largest absolute value of an output. */
export function largest(found: Fetched, name: string): number {
  return Math.max(...found.floats(name).map(Math.abs));
}
