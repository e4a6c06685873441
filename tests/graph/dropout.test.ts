import assert from "node:assert/strict";
import { Graph } from "../../src/graph/graph.ts";
import { dropout } from "../../src/graph/ops.ts";
import { compile } from "../../src/graph/program.ts";
import { openSession } from "../../src/runtime/session.ts";
import { scratch } from "../scratch.ts";

/** Returns what dropout makes of a tensor of ones for each seed. */
async function dropped(shape: readonly [number, number], rate: number, seeds: readonly number[]) {
  const graph = new Graph();
  const seed = graph.placeholder("seed", "int32", []);
  const ones = graph.constant(Array.from({ length: shape[0] * shape[1] }, () => 1), "float32", shape);
  const [first, second] = [0, 1].map((draw) => dropout(ones, rate, seed, draw));
  const program = compile(graph, { run: { inputs: { seed }, outputs: { first, second } } });
  const session = await openSession(program, { scratch, threads: 1 });
  const results = seeds.map((seed) => {
    const result = session.run("run", { seed });
    return { first: result.floats("first"), second: result.floats("second") };
  });
  session.close();
  return results;
}

for (const shape of [[200, 500], [201, 499]] as const) {
  Deno.test(`dropout of ${shape.join(" × ")} drops as many as it is told to and keeps the mean, by seed and draw`, async () => {
    const rate = 0.1;
    const [one, again, other] = await dropped(shape, rate, [1, 1, 2]);
    const count = shape[0] * shape[1];
    for (const values of [one.first, one.second, other.first]) {
      const zeros = values.filter((value) => value === 0).length;
      // The bounds are five standard deviations of a binomial count, which one run in two million exceeds.
      assert.ok(
        Math.abs(zeros - rate * count) < 5 * Math.sqrt(count * rate * (1 - rate)),
        `${zeros} of ${count}`,
      );
      const scales = new Set(values.filter((value) => value !== 0));
      assert.equal(scales.size, 1);
      assert.ok(Math.abs([...scales][0] - 1 / (1 - rate)) < 1e-5);
    }
    assert.deepEqual(again, one);
    assert.notDeepEqual(one.first, one.second);
    assert.notDeepEqual(one.first, other.first);
    // One random number decides on two elements, but both are dropped as often as if they were independent.
    const bothOf = (distance: number) =>
      one.first.filter((value, index) => value === 0 && one.first[index + distance] === 0).length;
    for (const distance of [1, 2, shape[1]]) {
      assert.ok(
        Math.abs(bothOf(distance) - rate ** 2 * count) < 5 * Math.sqrt(count * rate ** 2),
        `${distance}`,
      );
    }
  });
}

Deno.test("a rate next to 1 leaves next to nothing, and no infinity", async () => {
  for (const shape of [[7, 1], [4, 2]] as const) {
    const [{ first }] = await dropped(shape, 1 - 1e-7, [1]);
    assert.deepEqual([...first], new Array(shape[0] * shape[1]).fill(0));
  }
});
