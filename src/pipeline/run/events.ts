/** What a run tells of. */

import type { Progress } from "../process/conversation.ts";
import type { ActionKey } from "../store/digest.ts";
import type { Performed } from "./make.ts";

/** What happens in a run, as it happens. */
export type RunEvent =
  /** Another process does what this instance is to do, or, where there is no instance, cleans the store. */
  | { readonly type: "waiting"; readonly instance?: string }
  | { readonly type: "cached"; readonly instance: string; readonly key: ActionKey }
  | { readonly type: "started"; readonly instance: string }
  | { readonly type: "stopped"; readonly instance: string }
  | { readonly type: "progress"; readonly instance: string; readonly progress: Progress }
  | {
    readonly type: "done";
    readonly instance: string;
    readonly key: ActionKey;
    readonly seconds: number;
    readonly summary: readonly string[];
  }
  /** An attempt failed; `left`: how many more there may be after the one that starts now. */
  | { readonly type: "retrying"; readonly instance: string; readonly failure: Failure; readonly left: number }
  | { readonly type: "failed"; readonly instance: string; readonly failure: Failure };

export type Failure = Extract<Performed, { kind: "failed" }>;

/** What to tell of an action that was performed. */
export function endOf(instance: string, performed: Performed): RunEvent {
  if (performed.kind === "stopped") return { type: "stopped", instance };
  if (performed.kind === "failed") return { type: "failed", instance, failure: performed };
  const { key, started, ended } = performed.record;
  const seconds = (Date.parse(ended) - Date.parse(started)) / 1000;
  return { type: "done", instance, key, seconds, summary: performed.summary };
}
