/** The schedule runs tasks that depend on each other, as many at once as there is room for. */

import type { Amounts } from "../file/spec.ts";

const pollMs = 200; // between two tries of a task that another process runs

export interface Task {
  readonly name: string;
  /** Names of the tasks that come before this one. */
  readonly after: readonly string[];
  /** How much of each resource it takes while it runs. */
  readonly resources: Amounts;
}

export interface Work<T extends Task> {
  /** Returns whether there is nothing to do for a task whose turn it is. */
  isDone(task: T): boolean;
  /**
   * Runs a task, and returns whether it went well. Returns undefined where another process runs it now: it is
   * asked for again a moment later.
   */
  run(task: T): Promise<boolean> | undefined;
  /** Returns whether to go on, after a failure, with what doesn't depend on the failed task. */
  goesOn(): boolean;
  /** Called after a failure that ends the whole run: what is running is to end soon. */
  stop(): void;
}

/**
 * Runs the tasks, which are given in an order in which each follows those that it depends on. Of those that
 * are ready, the one that the longest chain of others waits for comes first. A task that doesn't fit yet
 * keeps its place in the line, so that smaller tasks can't hold it up for ever. A task that another process
 * runs takes no resources here, and waits with those that aren't ready. The first failure stops the rest,
 * unless the work goes on.
 *
 * @param capacity how much there is of each resource, at least as much as any task takes
 * @returns whether all tasks are done
 */
export async function schedule<T extends Task>(
  tasks: readonly T[],
  capacity: Amounts,
  work: Work<T>,
): Promise<boolean> {
  const chains = chainLengths(tasks);
  const finished = new Set<string>();
  const running = new Map<T, Promise<void>>();
  let waiting = tasks;
  let ready: readonly T[] = [];
  let failed = false;
  const start = (task: T): boolean => {
    const ending = work.run(task)?.then((ok) => {
      running.delete(task);
      if (ok) finished.add(task.name);
      else failed = true;
    });
    if (ending) running.set(task, ending);
    return ending !== undefined;
  };
  try {
    while (!failed || work.goesOn()) {
      waiting = waiting.filter((task) => {
        if (!task.after.every((name) => finished.has(name))) return true;
        if (work.isDone(task)) finished.add(task.name);
        else ready = [...ready, task];
        return false;
      });
      let free = [...running.keys()].reduce(without, capacity);
      const elsewhere: T[] = []; // run by another process
      ready = ready.toSorted((a, b) => (chains.get(b.name) ?? 0) - (chains.get(a.name) ?? 0))
        .filter((task) => {
          const left = without(free, task);
          const fits = Object.keys(task.resources).every((name) => (left[name] ?? 0) >= 0);
          if (fits && !start(task)) elsewhere.push(task);
          else free = left; // a task that doesn't fit keeps what it wants from those behind it
          return !fits;
        });
      if (running.size === 0 && elsewhere.length === 0) break;
      await (elsewhere.length > 0 ? firstOf(running.values(), pollMs) : Promise.race(running.values()));
      waiting = [...elsewhere, ...waiting]; // they come first, since others follow them
    }
    return !failed;
  } finally {
    if (running.size > 0) work.stop();
    await Promise.allSettled(running.values());
  }
}

function without(free: Amounts, { resources }: Task): Amounts {
  const left = Object.entries(resources).map(([name, amount]) => [name, (free[name] ?? 0) - amount] as const);
  return { ...free, ...Object.fromEntries(left) };
}

/** Waits for the first of these, but no longer than this many milliseconds. */
async function firstOf(ends: Iterable<Promise<void>>, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([...ends, promise]);
  clearTimeout(timer);
}

/** Returns, for each task, the number of tasks in the longest chain that starts with it. */
function chainLengths(tasks: readonly Task[]): ReadonlyMap<string, number> {
  const lengths = new Map(tasks.map(({ name }) => [name, 1]));
  for (const { name, after } of tasks.toReversed()) {
    const length = (lengths.get(name) ?? 1) + 1;
    for (const before of after) {
      if ((lengths.get(before) ?? 0) < length) lengths.set(before, length);
    }
  }
  return lengths;
}
