/**
 * A run keeps warm processes: a stage that allows it may be run again in a process that has run it before.
 */

import { join } from "node:path";
import type { Instance } from "../graph/instance.ts";
import type { Action } from "../plan/plan.ts";
import { remove } from "../store/atomic.ts";
import { makeStaging, type Store } from "../store/store.ts";
import { endProcess, type StageProcess } from "./stage_process.ts";

/**
 * The place where a process works that may be used again, a folder of the store.
 */
export interface WarmPlace {
  /**
   * Names the stage's code and what the process may do, since a process can't be allowed more than when it
   * started.
   */
  readonly name: string;
  readonly folder: string;
  /** The folder within it that the process may write to, where its actions are staged. */
  readonly work: string;
  /** Undefined before the first action, and after one that didn't go well. */
  process: StageProcess | undefined;
}

/** The warm places of a run; when it is disposed of, their processes end. */
export interface WarmPlaces extends AsyncDisposable {
  /** Takes a place that is free, or makes one. Whoever takes it has it alone until it is given back. */
  take(instance: Instance, action: Action): WarmPlace;
  giveBack(place: WarmPlace): Promise<void>;
}

/**
 * Opens the warm places of a run.
 *
 * @param most how many processes may wait for work at once; those that have waited longest are ended
 */
export function warmPlaces(store: Store, most: number): WarmPlaces {
  const free: WarmPlace[] = [];
  const leave = async ({ process, folder }: WarmPlace) => {
    if (process) await endProcess(process);
    remove(folder);
  };
  return {
    take(instance, action) {
      const name = placeName(instance, action);
      const index = free.findIndex((place) => place.name === name);
      const [place] = index < 0 ? [] : free.splice(index, 1);
      if (place) return place;
      const folder = makeStaging(store);
      return { name, folder, work: join(folder, "work"), process: undefined };
    },
    async giveBack(place) {
      if (!place.process) return leave(place);
      free.push(place);
      await Promise.all(free.splice(0, Math.max(0, free.length - most)).map(leave));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(free.splice(0).map(leave));
    },
  };
}

function placeName({ module, network, env }: Instance, { code, preImage: { threads } }: Action): string {
  return JSON.stringify([module, code.digest, network, env, threads]);
}
