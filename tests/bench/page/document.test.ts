import assert from "node:assert/strict";
import { updated } from "../../../bench/page/document.ts";

Deno.test("a new section takes the place of the one of its kind and leaves the others alone", () => {
  const before = updated("", { steps: "| step | 10 ms |", engine: "| engine | 1 s |" });
  const after = updated(before, { steps: "| step | 5 ms |" });
  assert.equal(after, updated("", { steps: "| step | 5 ms |", engine: "| engine | 1 s |" }));
  assert.doesNotMatch(after, /10 ms/);
});

Deno.test("sections come in the same order, whichever was measured first", () => {
  const later = updated(updated("", { engine: "engine" }), { steps: "steps" });
  assert.equal(later, updated("", { steps: "steps", engine: "engine" }));
});

Deno.test("a page that wasn't written by the benchmarks is replaced", () => {
  assert.equal(updated("# Something else\n", { gpu: "figures" }), updated("", { gpu: "figures" }));
});

Deno.test("what people wrote about the goals stays, before all that is measured", () => {
  const goals = "<!-- begin goals: written by hand -->\n\n## Goals\n\n<!-- end goals -->";
  const after = updated(`${goals}\n${updated("", { gpu: "figures" })}`, { steps: "| step | 5 ms |" });
  assert.equal(after.split(goals).length, 2);
  assert.ok(after.indexOf(goals) < after.indexOf("5 ms"));
});
