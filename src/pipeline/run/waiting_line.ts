/** The line in which tasks that are ready wait for room. */

import type { Amounts } from "../file/spec.ts";
import { type SortedList, sortedList } from "./sorted_list.ts";

/** What waits in a line. */
export interface Waiting {
  readonly name: string;
  /** How much of each resource it takes while it runs. */
  readonly resources: Amounts;
}

export interface WaitingLine<T> {
  add(task: T): void;
  /**
   * Takes out of the line, from its front, the tasks that there is room for. One that doesn't fit keeps its
   * place, and what it wants from those behind it.
   *
   * @param start starts a task; returns false where it takes no room, since another process runs it
   * @returns those that take no room
   */
  startWhatFits(start: (task: T) => boolean): readonly T[];
  /** Gives back the room of a task that was started. */
  giveBack(task: T): void;
}

/** Tasks that want the same: where one of them doesn't fit, no other does. */
interface Kind<T> {
  readonly wants: readonly (readonly [string, number])[];
  readonly line: SortedList<Place<T>>;
  running: number;
}

interface Place<T> {
  readonly task: T;
  readonly chain: number;
  /** How many were added before it. */
  readonly number: number;
}

/**
 * Makes an empty line. A look at it takes about as long however many tasks are in it, since it looks at none behind
 * the first of its kind that doesn't fit.
 *
 * @param capacity how much there is of each resource
 * @param chains name of a task → how many wait for it in a row; the largest come first, then those that were
 *   added first
 */
export function waitingLine<T extends Waiting>(
  capacity: Amounts,
  chains: ReadonlyMap<string, number>,
): WaitingLine<T> {
  const kinds = new Map<string, Kind<T>>();
  let added = 0;
  const kindOf = ({ resources }: T): Kind<T> => {
    const name = JSON.stringify(resources);
    const kind = kinds.get(name) ??
      { wants: Object.entries(resources), line: sortedList<Place<T>>(compare), running: 0 };
    kinds.set(name, kind);
    return kind;
  };
  return {
    add(task) {
      kindOf(task).line.add({ task, chain: chains.get(task.name) ?? 0, number: added++ });
    },
    startWhatFits(start) {
      const free = new Map(Object.entries(capacity));
      kinds.forEach((kind) => subtract(free, kind, kind.running));
      const open = new Set(kinds.values());
      const blocked = new Map<Kind<T>, number>(); // kind → how many of it were passed, and keep what they want
      const elsewhere: T[] = [];
      for (let next = frontmost(open); next; next = frontmost(open)) {
        const { kind, place } = next;
        for (const [other, passed] of blocked) {
          const count = other.line.countUntil(place);
          subtract(free, other, count - passed);
          blocked.set(other, count);
        }
        if (!fits(kind, free)) {
          open.delete(kind);
          blocked.set(kind, 0);
          continue;
        }
        kind.line.take();
        if (start(place.task)) {
          kind.running++;
          subtract(free, kind, 1);
        } else elsewhere.push(place.task);
      }
      return elsewhere;
    },
    giveBack: (task) => void kindOf(task).running--,
  };
}

function compare(a: Place<unknown>, b: Place<unknown>): number {
  return b.chain - a.chain || a.number - b.number;
}

/** Returns the kind that has the first task in the line, and that task's place; undefined where none waits. */
function frontmost<T>(kinds: Iterable<Kind<T>>) {
  let first: { readonly kind: Kind<T>; readonly place: Place<T> } | undefined;
  for (const kind of kinds) {
    const place = kind.line.first();
    if (place && (!first || compare(place, first.place) < 0)) first = { kind, place };
  }
  return first;
}

function fits({ wants }: Pick<Kind<unknown>, "wants">, free: ReadonlyMap<string, number>): boolean {
  return wants.every(([name, amount]) => (free.get(name) ?? 0) - amount >= 0);
}

function subtract(free: Map<string, number>, { wants }: Pick<Kind<unknown>, "wants">, times: number): void {
  for (const [name, amount] of wants) free.set(name, (free.get(name) ?? 0) - times * amount);
}
