import assert from "node:assert/strict";
import { drawForTerminal, toDot, toMermaid } from "../../../src/cli/drawing/graph_text.ts";
import { diamond, node } from "./nodes.ts";

Deno.test("on a terminal lines run down from each instance to those that need it", () => {
  assert.deepEqual(drawForTerminal(diamond), [
    "●     a",
    "├─●   b",
    "╰─│─● c",
    "●─┴─╯ d",
  ]);
  const crossing = [node("a"), node("b"), node("c", "a"), node("d", "b", "a"), node("e", "b")];
  assert.deepEqual(drawForTerminal(crossing), [
    "●     a",
    "│ ●   b",
    "├─│─● c",
    "╰─┼─● d",
    "●─╯   e",
  ]);
});

Deno.test("Mermaid and DOT hold each instance and edge, with names quoted", () => {
  assert.equal(
    toMermaid([node("a"), node("b@1", "a")]),
    'flowchart LR\n  n0["a"]\n  n1["b@1"]\n  n0 --> n1',
  );
  const dot = toDot([{ name: "a", description: 'A "quoted" \\ text', needs: [] }, node("b@1", "a")]);
  assert.match(dot, /^digraph pipeline \{\n/);
  assert.match(dot, /\n {2}"a" \[tooltip="A \\"quoted\\" \\\\ text"\];\n/);
  assert.match(dot, /\n {2}"a" -> "b@1";\n\}$/);
});
