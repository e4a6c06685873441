import assert from "node:assert/strict";
import { toSvg } from "../../../src/cli/drawing/graph_svg.ts";

Deno.test("texts in the SVG are escaped", () => {
  const svg = toSvg([{ name: "a", description: "</title><script>alert(1)</script>", needs: [] }]);
  assert.match(svg, /<title>&lt;\/title&gt;&lt;script&gt;/);
  assert.ok(!svg.includes("<script"));
});
