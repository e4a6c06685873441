/** A run reports what happens in it as events. */

import type { Progress } from "../process/conversation.ts";
import type { ActionKey } from "../store/digest.ts";
import { type ActionRecord, secondsOf } from "../store/record.ts";

/** What happens in a run, in the order in which it happens. */
export type RunEvent =
  /**
   * Another process makes what this instance is to make, or, where there is no instance, cleans the store.
   */
  | { readonly type: "waiting"; readonly instance?: string }
  /** What is wrong with the remote cache, or with something in it; the run goes on without. */
  | { readonly type: "remoteCache"; readonly text: string }
  /** Of so many bytes in all, so many have come from the remote cache. */
  | { readonly type: "fetching"; readonly instance: string; readonly done: number; readonly total: number }
  /**
   * `seconds` is how long the result took when it was made; `fetched` is how many bytes came from the remote
   * cache, where it came from there.
   */
  | {
    readonly type: "cached";
    readonly instance: string;
    readonly key: ActionKey;
    readonly seconds: number;
    readonly fetched?: number;
  }
  | { readonly type: "started"; readonly instance: string }
  | { readonly type: "stopped"; readonly instance: string }
  /** It goes on without this process, as this job of a cluster. */
  | { readonly type: "left"; readonly instance: string; readonly job: string }
  | { readonly type: "progress"; readonly instance: string; readonly progress: Progress }
  | {
    readonly type: "done";
    readonly instance: string;
    readonly key: ActionKey;
    readonly seconds: number;
    readonly summary: readonly string[];
  }
  /** An attempt failed, and the next one starts now; `left` is how many more may follow that one. */
  | { readonly type: "retrying"; readonly instance: string; readonly failure: Failure; readonly left: number }
  | { readonly type: "failed"; readonly instance: string; readonly failure: Failure };

/** How the making of an instance's result ended. */
export type Ending =
  | { readonly kind: "done"; readonly record: ActionRecord; readonly summary: readonly string[] }
  | { readonly kind: "stopped" }
  | { readonly kind: "left"; readonly job: string }
  | {
    readonly kind: "failed";
    readonly reason: string;
    /** The log's last lines, where they say more than the reason. */
    readonly lastLines: readonly string[];
    /** The log's path. */
    readonly log: string;
  };

export type Failure = Extract<Ending, { kind: "failed" }>;

/** Returns the event that reports an ending. */
export function endOf(instance: string, ending: Ending): RunEvent {
  if (ending.kind === "stopped") return { type: "stopped", instance };
  if (ending.kind === "left") return { type: "left", instance, job: ending.job };
  if (ending.kind === "failed") return { type: "failed", instance, failure: ending };
  const { record, summary } = ending;
  return { type: "done", instance, key: record.key, seconds: secondsOf(record), summary };
}
