/** Runs tasks that depend on each other, as many at once as there is room for. */

export interface Task {
  readonly name: string;
  /** Names of the tasks that come before. */
  readonly after: readonly string[];
  readonly cpu: number;
}

export interface Work<T extends Task> {
  /** Whether there is nothing to do for a task whose turn it is. */
  isDone(task: T): boolean;
  /** Does a task; false where it failed. */
  run(task: T): Promise<boolean>;
  /** Whether to do, after a failure, what doesn't depend on the failed task. */
  goesOn(): boolean;
  /** Called after a failure that ends it all: what runs is to end soon. */
  stop(): void;
}

/**
 * Runs the tasks, given in an order in which each follows those that it depends on. The first failure stops the rest,
 * unless the work goes on.
 *
 * @param capacity how much `cpu` there is; a task that wants more runs alone
 * @returns whether all are done
 */
export async function schedule<T extends Task>(
  tasks: readonly T[],
  capacity: number,
  work: Work<T>,
): Promise<boolean> {
  const finished = new Set<string>();
  const running = new Map<T, Promise<void>>();
  let waiting = tasks;
  let ready: readonly T[] = [];
  let failed = false;
  let free = capacity;
  const start = (task: T, cpu: number) => {
    free -= cpu;
    const run = work.run(task).then((ok) => {
      free += cpu;
      running.delete(task);
      if (ok) finished.add(task.name);
      else failed = true;
    });
    running.set(task, run);
  };
  try {
    while (!failed || work.goesOn()) {
      waiting = waiting.filter((task) => {
        if (!task.after.every((name) => finished.has(name))) return true;
        if (work.isDone(task)) finished.add(task.name);
        else ready = [...ready, task];
        return false;
      });
      ready = ready.filter((task) => {
        const cpu = Math.min(task.cpu, capacity);
        if (cpu > free) return true;
        start(task, cpu);
        return false;
      });
      if (running.size === 0) break;
      await Promise.race(running.values());
    }
    return !failed;
  } finally {
    if (running.size > 0) work.stop();
    await Promise.allSettled(running.values());
  }
}
