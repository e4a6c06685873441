import assert from "node:assert/strict";
import { layOut } from "../../../src/cli/drawing/graph_layout.ts";
import { toSvg } from "../../../src/cli/drawing/graph_svg.ts";
import { drawForTerminal, type GraphNode, toDot, toMermaid } from "../../../src/cli/drawing/graph_text.ts";
import { chain, makeProject, pipeline } from "../../pipeline/synthetic.ts";

const node = (name: string, ...needs: readonly string[]): GraphNode => ({
  name,
  description: `Makes ${name}.`,
  needs,
});

const diamond = [node("a"), node("b", "a"), node("c", "a"), node("d", "b", "c")];

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

Deno.test("the layout puts each box right of those that it needs, and no two upon each other", () => {
  // Each of 60 needs those at a third and a half of its number, and the one before every seventh.
  const nodes = Array.from({ length: 60 }, (_, index) => {
    const needed = [Math.floor(index / 3), Math.floor(index / 2), index % 7 === 0 ? index - 1 : -1];
    return node(`n${index}`, ...new Set(needed.filter((n) => n >= 0 && n < index).map((n) => `n${n}`)));
  });
  const { boxes, lines, width, height } = layOut(nodes);
  const byName = new Map(boxes.map((box) => [box.node.name, box]));
  assert.equal(boxes.length, nodes.length);
  for (const box of boxes) {
    for (const needed of box.node.needs) {
      const source = byName.get(needed);
      assert.ok(source && source.x + source.width < box.x);
    }
    assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height);
    const overlapping = boxes.filter((other) =>
      other.x < box.x + box.width && box.x < other.x + other.width &&
      other.y < box.y + box.height && box.y < other.y + other.height
    );
    assert.deepEqual(overlapping, [box]);
  }
  const arrows = nodes.reduce((sum, { needs }) => sum + needs.length, 0);
  assert.equal(lines.filter(({ arrow }) => arrow).length, arrows);
});

Deno.test("lines that pass a column keep clear of its boxes", () => {
  const { boxes, lines } = layOut([...diamond, node("e", "a", "d")]);
  for (const { points: [, to, through] } of lines.filter(({ arrow }) => !arrow)) {
    const hit = boxes.filter(({ x, y, width, height }) =>
      x < through.x && x + width > to.x && y < to.y && to.y < y + height
    );
    assert.deepEqual(hit, []);
  }
});

Deno.test("texts in the SVG are escaped", () => {
  const svg = toSvg([{ name: "a", description: "</title><script>alert(1)</script>", needs: [] }]);
  assert.match(svg, /<title>&lt;\/title&gt;&lt;script&gt;/);
  assert.ok(!svg.includes("<script"));
});

Deno.test("graph draws the pipeline in each format, or a part of it", async () => {
  using project = makeProject(chain);
  const graph = (...args: readonly string[]) => pipeline(project, "graph", ...args);
  assert.equal((await graph("second@long")).output, "●   first@long\n╰─● second@long\n");
  assert.match((await graph("--format", "mermaid")).output, /^flowchart LR\n/);
  assert.match((await graph("--format", "dot")).output, /"second@long" -> "all";/);
  assert.match((await graph("--format", "svg")).output, /^<svg xmlns=.*<\/svg>\n$/s);
  assert.deepEqual(JSON.parse((await graph("--json")).output).at(-1), {
    name: "all",
    description: "Joins texts.",
    needs: ["second@long", "second@short"],
  });
  const { code, errors } = await graph("--format", "png");
  assert.equal(code, 2);
  assert.match(errors, /Allowed choices are terminal, mermaid, dot, svg/);
});
