import { setImmediate } from "node:timers/promises";
import type { Amounts } from "../file/spec.ts";
import { schedule, type Task } from "./schedule.ts";

/** A task with the time that it is expected to take. */
export interface ExpectedTask extends Task {
  readonly seconds: number;
}

export interface Forecast {
  readonly seconds: number;
  /** Name of a task → the seconds after the start at which it starts and ends. */
  readonly spans: ReadonlyMap<string, Span>;
  /** The tasks that the end waits for, one after the other, because of an input or of a resource. */
  readonly criticalPath: readonly string[];
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Foretells how long tasks take together, by the schedule itself on a clock that only counts. */
export async function forecast(tasks: readonly ExpectedTask[], capacity: Amounts): Promise<Forecast> {
  let now = 0;
  let isOver = false;
  const spans = new Map<string, Span>();
  const running = new Map<(ok: boolean) => void, number>(); // what ends a task → when it ends
  const ending = schedule(tasks, capacity, {
    isDone: () => false,
    run({ name, seconds }) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      spans.set(name, { start: now, end: now + seconds });
      running.set(resolve, now + seconds);
      return promise;
    },
    goesOn: () => false,
    stop() {},
  }).finally(() => isOver = true);
  while (!isOver) {
    await setImmediate(); // until the schedule has started all that it can
    const next = firstToEnd(running);
    if (!next) continue;
    const [end, time] = next;
    running.delete(end);
    now = time;
    end(true);
  }
  await ending;
  return { seconds: now, spans, criticalPath: criticalPath(tasks, spans) };
}

/** Returns the one that ends first, of several the one that started first; undefined where nothing runs. */
function firstToEnd<Key>(running: ReadonlyMap<Key, number>): readonly [Key, number] | undefined {
  let first: readonly [Key, number] | undefined;
  for (const entry of running) {
    if (!first || entry[1] < first[1]) first = entry;
  }
  return first;
}

/** Follows the spans back from the one that ends last, each time to one that ends where it starts. */
function criticalPath(tasks: readonly Task[], spans: ReadonlyMap<string, Span>): readonly string[] {
  const after = new Map(tasks.map((task) => [task.name, task.after]));
  const left = new Map(spans);
  const path: string[] = [];
  for (let [name, span] = lastOf(left); name !== undefined && span; [name, span] = before(name, span)) {
    path.unshift(name);
    left.delete(name);
  }
  return path;

  function before(name: string, { start }: Span): readonly [string, Span] | readonly [] {
    const candidates = [...left].filter(([, { end }]) => end === start);
    return candidates.find(([other]) => after.get(name)?.includes(other)) ?? candidates[0] ?? [];
  }
}

function lastOf(spans: ReadonlyMap<string, Span>): readonly [string, Span] | readonly [] {
  return [...spans].reduce<readonly [string, Span] | readonly []>(
    (last, entry) => last[1] && last[1].end >= entry[1].end ? last : entry,
    [],
  );
}
