import assert from "node:assert/strict";
import { layOut } from "../../../src/cli/drawing/graph_layout.ts";
import { diamond, node } from "./nodes.ts";

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
  assert.equal(lines.filter(({ through }) => !through).length, arrows);
});

Deno.test("lines that pass a column keep clear of its boxes", () => {
  const { boxes, lines } = layOut([...diamond, node("e", "a", "d")]);
  for (const { to, through } of lines) {
    if (!through) continue;
    const hit = boxes.filter(({ x, y, width, height }) =>
      x < through.x && x + width > to.x && y < to.y && to.y < y + height
    );
    assert.deepEqual(hit, []);
  }
});
