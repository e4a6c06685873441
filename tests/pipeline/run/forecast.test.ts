import assert from "node:assert/strict";
import { type ExpectedTask, forecast } from "../../../src/pipeline/run/forecast.ts";

const task = (name: string, seconds: number, after: readonly string[] = [], cpu = 1): ExpectedTask => ({
  name,
  seconds,
  after,
  resources: { cpu },
});

Deno.test("what runs at once isn't added up, and what waits for an input is", async () => {
  const tasks = [task("a", 3), task("b", 2), task("c", 1.5, ["a"]), task("d", 1, ["b"])];
  const { seconds, spans, criticalPath } = await forecast(tasks, { cpu: 4 });
  assert.equal(seconds, 4.5);
  assert.deepEqual(criticalPath, ["a", "c"]);
  assert.deepEqual(spans.get("d"), { start: 2, end: 3 });
});

Deno.test("the critical path goes through what a task waits for because of a resource", async () => {
  // b has the longer chain behind it and starts first; a waits for its two cpus.
  const tasks = [task("a", 5, [], 2), task("b", 2), task("c", 1, ["b"])];
  const { seconds, criticalPath } = await forecast(tasks, { cpu: 2 });
  assert.equal(seconds, 8);
  assert.deepEqual(criticalPath, ["b", "a", "c"]);
});

Deno.test("tasks that take no time, and none at all, have a forecast", async () => {
  assert.deepEqual(await forecast([], { cpu: 1 }), { seconds: 0, spans: new Map(), criticalPath: [] });
  const { seconds, criticalPath } = await forecast(
    [task("a", 0), task("b", 0, ["a"]), task("c", 2, ["b"])],
    { cpu: 1 },
  );
  assert.equal(seconds, 2);
  assert.deepEqual(criticalPath, ["a", "b", "c"]);
});
