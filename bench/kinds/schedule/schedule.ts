import { randomStream } from "../../../src/random.ts";
import { type ExpectedTask, forecast } from "../../../src/pipeline/run/forecast.ts";
import type { Bench, Findings } from "../../benchmark.ts";
import { beside, count, table } from "../../page/table.ts";

/** What a node of the pretended cluster has. */
const node = { cpu: 8, gpu: 1 };

/**
 * Has the engine's own scheduler run pretended actions on a pretended cluster, by a clock that only counts, and
 * measures what scheduling takes.
 */
export async function benchSchedule(bench: Bench): Promise<Findings> {
  const { actions, nodes } = bench.settings.schedule;
  const rows: string[][] = [];
  let longest = 0;
  for (const number of [actions / 100, actions / 10, actions]) {
    bench.say(`${number} actions on ${nodes} nodes`);
    const { perAction, makespan, bound, megabytes } = await measure(number, nodes);
    longest = Math.max(longest, perAction);
    rows.push([
      count(number),
      `${perAction.toFixed(3)} ms`,
      `${(makespan / 3600).toFixed(2)} h`,
      `${(bound / 3600).toFixed(2)} h`,
      (makespan / bound).toFixed(3),
      `${megabytes.toFixed(0)} MB`,
    ]);
  }
  const text = [
    `The engine's own scheduler, on a clock that only counts, gives actions to ${count(nodes)} nodes with ` +
    `${node.cpu} CPUs and ${node.gpu} GPU each. Of five actions one prepares (1 CPU), three train one after the other ` +
    "(2 CPUs, 1 GPU) and one evaluates (1 CPU); they take from a second to two hours. The bound is the longest chain, " +
    "or all work of a resource divided by how much of it there is, whichever is longer: no schedule is shorter.",
    table(["actions", "scheduling, an action", "makespan", "bound", "ratio", "memory"], rows),
    table(["", "measured", "goal"], [
      ["scheduling, an action, at most", ...beside(longest, "≤", 1, (value) => `${value.toFixed(3)} ms`)],
    ]),
  ].join("\n\n");
  return { text };
}

async function measure(actions: number, nodes: number) {
  const tasks = pretended(actions);
  const capacity = { cpu: nodes * node.cpu, gpu: nodes * node.gpu };
  const started = performance.now();
  const { seconds: makespan } = await forecast(tasks, capacity);
  const perAction = (performance.now() - started) / tasks.length;
  const megabytes = Deno.memoryUsage().rss / 1e6;
  return { perAction, makespan, bound: lowerBound(tasks, capacity), megabytes };
}

/** Makes actions as an experiment has them: each fifth prepares, three train, and one evaluates. */
function pretended(actions: number): readonly ExpectedTask[] {
  const random = randomStream(1, "schedule");
  const seconds = () => Math.exp(random.next() * Math.log(7200));
  return Array.from({ length: Math.round(actions / 5) }, (_, index) => {
    const names = ["prepare", "noise", "sample", "train", "evaluate"].map((name) => `${name}@${index}`);
    return names.map((name, place): ExpectedTask => ({
      name,
      seconds: seconds(),
      after: names.slice(Math.max(0, place - 1), place),
      resources: place === 0 || place === 4 ? { cpu: 1 } : { cpu: 2, gpu: 1 },
    }));
  }).flat();
}

/** Returns the seconds below which no schedule can be. */
function lowerBound(tasks: readonly ExpectedTask[], capacity: Readonly<Record<string, number>>): number {
  const ends = new Map<string, number>();
  for (const { name, after, seconds } of tasks) {
    ends.set(name, seconds + Math.max(0, ...after.map((before) => ends.get(before) ?? 0)));
  }
  const longestChain = [...ends.values()].reduce((longest, end) => Math.max(longest, end), 0);
  const shares = Object.entries(capacity).map(([name, amount]) =>
    tasks.reduce((sum, { seconds, resources }) => sum + seconds * (resources[name] ?? 0), 0) / amount
  );
  return Math.max(longestChain, ...shares);
}
