import assert from "node:assert/strict";
import { randomStream } from "../../../src/random.ts";
import { sortedList } from "../../../src/pipeline/run/sorted_list.ts";
import { type Waiting, waitingLine } from "../../../src/pipeline/run/waiting_line.ts";

/** What is to start, by the rule itself: from the front, each task that doesn't fit keeps what it wants. */
function startedByRule(
  line: readonly Waiting[],
  running: readonly Waiting[],
  capacity: Readonly<Record<string, number>>,
): readonly string[] {
  const free = { ...capacity };
  const take = ({ resources }: Waiting) => {
    for (const [name, amount] of Object.entries(resources)) free[name] = (free[name] ?? 0) - amount;
  };
  running.forEach(take);
  return line.filter((task) => {
    take(task);
    return Object.keys(task.resources).every((name) => (free[name] ?? 0) >= 0);
  }).map(({ name }) => name);
}

Deno.test("the tasks that start, of 300 random lines, are those that the rule names", () => {
  const random = randomStream(5, "lines");
  const below = (bound: number) => Math.floor(random.next() * bound);
  for (let trial = 0; trial < 300; trial++) {
    const capacity = { cpu: 1 + below(6), gpu: below(3), licence: below(3) };
    const kinds = Array.from({ length: 1 + below(4) }, () => ({
      cpu: below(3),
      ...(below(2) ? { gpu: below(2) } : {}),
      ...(below(3) ? {} : { licence: 1 }),
    }));
    const chains = new Map<string, number>();
    const line = waitingLine<Waiting>(capacity, chains);
    let waiting: Waiting[] = [];
    let running: Waiting[] = [];
    for (let step = 0; step < 20; step++) {
      for (let more = below(5); more > 0; more--) {
        const task = { name: `${chains.size}`, resources: kinds[below(kinds.length)] ?? {} };
        chains.set(task.name, below(3));
        waiting.push(task);
        line.add(task);
      }
      waiting = waiting.toSorted((a, b) => (chains.get(b.name) ?? 0) - (chains.get(a.name) ?? 0));
      const expected = startedByRule(waiting, running, capacity);
      const started: Waiting[] = [];
      line.startWhatFits((task) => started.push(task) > 0);
      assert.deepEqual(started.map(({ name }) => name), expected);
      waiting = waiting.filter((task) => !started.includes(task));
      running = [...running, ...started].filter((task) => {
        if (below(2)) return true;
        line.giveBack(task);
        return false;
      });
    }
  }
});

Deno.test("a task that another process runs takes no room", () => {
  const tasks = ["a", "b", "c"].map((name) => ({ name, resources: { cpu: 1 } }));
  const line = waitingLine<Waiting>({ cpu: 1 }, new Map());
  tasks.forEach(line.add);
  const elsewhere = line.startWhatFits(({ name }) => name === "b");
  assert.deepEqual(elsewhere.map(({ name }) => name), ["a"]);
  assert.deepEqual(line.startWhatFits(() => true), []);
});

Deno.test("a list that stays sorted gives equal items in the order in which they came", () => {
  const list = sortedList<readonly [number, string]>(([a], [b]) => a - b);
  for (const item of [[2, "a"], [1, "b"], [2, "c"], [1, "d"]] as const) list.add(item);
  assert.equal(list.countUntil([1, ""]), 2);
  const taken = [list.take(), list.take()];
  list.add([0, "e"]);
  for (let item = list.take(); item; item = list.take()) taken.push(item);
  assert.deepEqual(taken.map((item) => item?.[1]).join(""), "bdeac");
  assert.equal(list.first(), undefined);
});
