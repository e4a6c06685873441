/** The line in which tasks that are ready wait for room. */

import type { Amounts } from "../file/spec.ts";
import { placeIn } from "./sorted_list.ts";

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
   * @param free how much of each resource is free; what is taken and kept is subtracted
   * @param start starts a task; returns false where it takes no room, since another process runs it
   * @returns those that take no room
   */
  startWhatFits(free: Map<string, number>, start: (task: T) => boolean): readonly T[];
}

/** Tasks that want the same: where one of them doesn't fit, no other does. */
interface Kind {
  readonly wants: readonly (readonly [string, number])[];
  /** How many are in the line. */
  count: number;
}

interface Place<T> {
  readonly task: T;
  readonly kind: Kind;
  readonly chain: number;
}

/**
 * Makes an empty line. A look at it takes no longer the more tasks there are in it, since it ends once no kind of
 * task fits any more.
 *
 * @param chains name of a task → how many wait for it in a row; the largest come first, then those that were
 *   added first
 */
export function waitingLine<T extends Waiting>(chains: ReadonlyMap<string, number>): WaitingLine<T> {
  const line: Place<T>[] = [];
  const kinds = new Map<string, Kind>();
  return {
    add(task) {
      const name = JSON.stringify(task.resources);
      const kind = kinds.get(name) ?? { wants: Object.entries(task.resources), count: 0 };
      kinds.set(name, kind);
      kind.count++;
      const place = { task, kind, chain: chains.get(task.name) ?? 0 };
      line.splice(placeIn(line, place, (a, b) => b.chain - a.chain), 0, place);
    },
    startWhatFits(free, start) {
      const elsewhere: T[] = [];
      const kept: Place<T>[] = [];
      const open = new Set([...kinds.values()].filter((kind) => kind.count > 0 && fits(kind, free)));
      let looked = 0;
      for (; open.size > 0 && looked < line.length; looked++) {
        const place = line[looked] as Place<T>;
        const { task, kind } = place;
        if (!open.has(kind)) {
          kept.push(place);
        } else {
          kind.count--;
          if (!start(task)) {
            elsewhere.push(task);
            if (kind.count === 0) open.delete(kind);
            continue;
          }
        }
        for (const [name, amount] of kind.wants) free.set(name, (free.get(name) ?? 0) - amount);
        open.forEach((kind) => kind.count > 0 && fits(kind, free) || open.delete(kind));
      }
      line.splice(0, looked, ...kept);
      return elsewhere;
    },
  };
}

function fits({ wants }: Kind, free: ReadonlyMap<string, number>): boolean {
  return wants.every(([name, amount]) => (free.get(name) ?? 0) - amount >= 0);
}
