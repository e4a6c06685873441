/** The schedule runs tasks that depend on each other, as many at once as there is room for. */

import type { Amounts } from "../file/spec.ts";
import { sortedList } from "./sorted_list.ts";
import { type Waiting, waitingLine } from "./waiting_line.ts";

const pollMs = 200; // between two tries of a task that another process runs

export interface Task extends Waiting {
  /** Names of the tasks that come before this one. */
  readonly after: readonly string[];
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
 * @throws what the first task threw that did, once all that were running have ended
 */
export async function schedule<T extends Task>(
  tasks: readonly T[],
  capacity: Amounts,
  work: Work<T>,
): Promise<boolean> {
  const { due, release } = dependenciesOf(tasks);
  const line = waitingLine<T>(capacity, chainLengths(tasks));
  const running = new Map<T, Promise<void>>();
  const errors: unknown[] = [];
  let failed = false;
  let next = Promise.withResolvers<void>(); // resolves when a task has ended
  const start = (task: T): boolean => {
    const ending = work.run(task)?.then((ok) => {
      line.giveBack(task);
      if (ok) release(task);
      else failed = true;
    }).catch((error) => {
      errors.push(error);
    }).then(() => {
      running.delete(task);
      next.resolve();
    });
    if (ending) running.set(task, ending);
    return ending !== undefined;
  };
  try {
    while (errors.length === 0 && (!failed || work.goesOn())) {
      for (let task = due.take(); task; task = due.take()) {
        if (work.isDone(task)) release(task);
        else line.add(task);
      }
      const elsewhere = line.startWhatFits(start);
      if (running.size === 0 && elsewhere.length === 0) break;
      await (elsewhere.length > 0 ? within(pollMs, next.promise) : next.promise);
      next = Promise.withResolvers();
      elsewhere.forEach(due.add);
    }
  } finally {
    if (running.size > 0) work.stop();
    await Promise.all(running.values());
  }
  if (errors.length > 0) throw errors[0];
  return !failed;
}

/** Waits for this, but no longer than so many milliseconds. */
async function within(ms: number, end: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([end, promise]);
  clearTimeout(timer);
}

/**
 * Keeps which tasks are due, since all that they depend on is done, in the order of the tasks.
 *
 * @returns what is due, and `release`, which makes due what had still to wait for this task
 */
function dependenciesOf<T extends Task>(tasks: readonly T[]) {
  const order = new Map(tasks.map((task, index) => [task, index]));
  const due = sortedList<T>((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  const missing = new Map<T, number>();
  const followers = new Map<string, T[]>();
  for (const task of tasks) {
    const before = new Set(task.after);
    missing.set(task, before.size);
    for (const name of before) {
      const known = followers.get(name);
      if (known) known.push(task);
      else followers.set(name, [task]);
    }
    if (before.size === 0) due.add(task);
  }
  const release = ({ name }: T) => {
    for (const follower of followers.get(name) ?? []) {
      const left = (missing.get(follower) ?? 0) - 1;
      missing.set(follower, left);
      if (left === 0) due.add(follower);
    }
  };
  return { due, release };
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
