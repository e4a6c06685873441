import assert from "node:assert/strict";
import { schedule, type Task } from "../../../src/pipeline/run/schedule.ts";

const task = (name: string, after: readonly string[] = [], cpu = 1): Task => ({
  name,
  after,
  resources: { cpu },
});

/** Runs tasks that take one turn of the event loop, and keeps what happened. */
async function trace(
  tasks: readonly Task[],
  capacity: number,
  options: { failing?: string; cached?: readonly string[]; goesOn?: boolean } = {},
) {
  const events: string[] = [];
  let used = 0;
  let most = 0;
  const ok = await schedule(tasks, { cpu: capacity }, {
    isDone: ({ name }) => options.cached?.includes(name) ?? false,
    async run({ name, resources: { cpu = 0 } }) {
      events.push(`+${name}`);
      used += cpu;
      most = Math.max(most, used);
      await new Promise((resolve) => setTimeout(resolve, 0));
      used -= cpu;
      events.push(`-${name}`);
      return name !== options.failing;
    },
    goesOn: () => options.goesOn ?? false,
    stop: () => events.push("stop"),
  });
  return { ok, events: events.join(" "), most };
}

Deno.test("a task starts when those before it have ended", async () => {
  const { events } = await trace([task("a"), task("b", ["a"]), task("c", ["b"])], 4);
  assert.equal(events, "+a -a +b -b +c -c");
});

Deno.test("independent tasks run at once, within the capacity", async () => {
  const { events, most } = await trace([task("a"), task("b"), task("c")], 2);
  assert.equal(most, 2);
  assert.match(events, /^\+a \+b -a/);
});

Deno.test("of the ready tasks, the one with the longest chain behind it starts first", async () => {
  const tasks = [task("short"), task("long"), task("next", ["long"]), task("last", ["next"])];
  const { events } = await trace(tasks, 1);
  assert.equal(events, "+long -long +next -next +short -short +last -last");
});

Deno.test("a task that doesn't fit yet isn't overtaken by smaller ones behind it", async () => {
  const tasks = [task("a"), task("large", [], 2), task("next", ["large"]), task("b", ["a"]), task("c")];
  const { events } = await trace(tasks, 2);
  assert.ok(events.indexOf("+large") < events.indexOf("+c"), events);
});

Deno.test("every resource is shared, not only the processor", async () => {
  let used = 0;
  let most = 0;
  const ok = await schedule(
    ["a", "b", "c"].map((name) => ({ name, after: [], resources: { cpu: 1, gpu: 1 } })),
    { cpu: 8, gpu: 2 },
    {
      isDone: () => false,
      async run() {
        most = Math.max(most, ++used);
        await new Promise((resolve) => setTimeout(resolve, 0));
        used--;
        return true;
      },
      goesOn: () => false,
      stop() {},
    },
  );
  assert.ok(ok);
  assert.equal(most, 2);
});

Deno.test("what another process does leaves its room to others, and is found done by what waits for it", async () => {
  const events: string[] = [];
  let made = false;
  const tasks = [
    task("elsewhere"),
    task("after", ["elsewhere"]),
    task("other", [], 2),
    task("long", ["other"]),
  ];
  const ok = await schedule(tasks, { cpu: 2 }, {
    isDone: ({ name }) => name === "elsewhere" && made,
    run({ name }) {
      events.push(name);
      if (name === "elsewhere") return undefined;
      return new Promise((resolve) =>
        setTimeout(() => {
          made = name === "long";
          resolve(true);
        }, 0)
      );
    },
    goesOn: () => false,
    stop() {},
  });
  assert.ok(ok);
  const others = events.filter((name) => name !== "elsewhere");
  assert.deepEqual(others, ["other", "long", "after"]);
});

Deno.test("what a task throws is told, also if another ends at the same moment", async () => {
  const both = Promise.withResolvers<void>();
  const events: string[] = [];
  const scheduled = schedule([task("a"), task("b"), task("c")], { cpu: 3 }, {
    isDone: () => false,
    async run({ name }) {
      if (name === "c") {
        await new Promise((resolve) => setTimeout(resolve, 20));
        events.push("-c");
        return true;
      }
      await both.promise;
      if (name === "b") throw new Error("no place");
      return true;
    },
    goesOn: () => true,
    stop: () => events.push("stop"),
  });
  both.resolve();
  await assert.rejects(scheduled, /no place/);
  assert.deepEqual(events, ["stop", "-c"], "what still ran has ended");
});

Deno.test("a task with nothing to do lets those after it go on", async () => {
  const { ok, events } = await trace([task("a"), task("b", ["a"]), task("c", ["b"])], 1, {
    cached: ["a", "b"],
  });
  assert.ok(ok);
  assert.equal(events, "+c -c");
});

Deno.test("after a failure nothing starts, and what runs is told to stop and waited for", async () => {
  const tasks = [task("a"), task("b"), task("c", ["a"]), task("d", ["b"])];
  const { ok, events } = await trace(tasks, 2, { failing: "a" });
  assert.ok(!ok);
  assert.equal(events, "+a +b -a stop -b");
});

Deno.test("where the work goes on after a failure, what doesn't depend on it is done", async () => {
  const tasks = [task("a"), task("b", ["a"]), task("c"), task("d", ["b", "c"]), task("e", ["c"])];
  const { ok, events } = await trace(tasks, 1, { failing: "a", goesOn: true });
  assert.ok(!ok);
  assert.equal(events, "+a -a +c -c +e -e");
});
