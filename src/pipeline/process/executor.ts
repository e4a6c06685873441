/** An executor runs the stages of actions somewhere: on this machine, or as jobs of a cluster. */

import { remove } from "../store/atomic.ts";
import type { ActionKey } from "../store/digest.ts";
import { makeStaging, type Store } from "../store/store.ts";
import type { ActionFile } from "./action_file.ts";
import { type Executed, executeHere, type Execution } from "./execution.ts";

/**
 * Where actions run. The engine decides what runs, lays the inputs out, and publishes what was made; an
 * executor runs the stage that an action file describes, from that file alone.
 */
export interface Executor {
  /** How many actions it takes at once; undefined where they share this machine's resources. */
  readonly places: number | undefined;
  /** How many actions run elsewhere now, and would go on without this process. */
  elsewhere(): number;
  /**
   * Returns where an action is to be staged.
   *
   * @param within the folder to make it in, for an action that a process which is kept is to run
   */
  stage(key: ActionKey, within?: string): Staging;
  /**
   * Runs a staged action until its stage has ended. When the signal fires, the stage is ended, or, where its
   * reason is `leaving`, left to itself.
   */
  execute(execution: Execution): Promise<Executed>;
}

/** A folder for an action's inputs, and for what its stage makes of them. */
export interface Staging {
  readonly folder: string;
  /** The action that a run before began there and that is to be gone on with; undefined in a fresh folder. */
  readonly underWay?: ActionFile | undefined;
  /** Removes the folder; what may still write to it has lost its place. */
  clear(): void;
}

/** The reason of a signal that ends a run, but not what runs elsewhere for it. */
export const leaving = "what runs elsewhere is left to itself";

/** Runs actions on this machine, each in a process that ends with this one. */
export function localExecutor(store: Store): Executor {
  return {
    places: undefined,
    elsewhere: () => 0,
    stage(_key, within) {
      const folder = makeStaging(store, within);
      return { folder, clear: () => remove(folder) };
    },
    execute: executeHere,
  };
}
