import assert from "node:assert/strict";
import { depthFirst } from "../../../src/pipeline/store/depth_first.ts";

Deno.test("each node comes once, after those that it leads to, in the order in which they are named", () => {
  const graph: Readonly<Record<string, readonly string[]>> = {
    a: ["c", "b"],
    b: ["d"],
    c: ["d"],
    d: [],
    e: ["a"],
  };
  assert.deepEqual(depthFirst(["a", "e"], (node) => graph[node] ?? []), ["d", "c", "b", "a", "e"]);
});

Deno.test("a circle is told as the path around it", () => {
  const graph: Readonly<Record<string, readonly string[]>> = { a: ["b"], b: ["c"], c: ["b"] };
  const circles: (readonly string[])[] = [];
  depthFirst(["a"], (node) => graph[node] ?? [], (circle) => circles.push(circle));
  assert.deepEqual(circles, [["b", "c"]]);
});

Deno.test("a chain of 200,000 nodes is no deeper than a short one", () => {
  const length = 200_000;
  const order = depthFirst([length], (node) => node > 0 ? [node - 1] : []);
  assert.deepEqual([order.length, order[0], order.at(-1)], [length + 1, 0, length]);
});
