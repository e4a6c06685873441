/** Puts the states of instances, and why they are to run, into words and into JSON. */

import type { InstanceStatus } from "../../pipeline/explain/status.ts";
import { count } from "../terminal/text.ts";
import { summaryOf } from "./changes_text.ts";

export type Stale = Exclude<InstanceStatus, { state: "current" }>;

/** Whether an instance will run in any case, not only if those before it make something new. */
export function isCertain(status: Stale): boolean {
  return status.state !== "waiting" || status.changes?.length !== 0;
}

/** Counts the instances that will run, may run and are up to date; undefined if all are up to date. */
export function tally(statuses: readonly InstanceStatus[]): string | undefined {
  const stale = statuses.filter((status) => status.state !== "current");
  if (stale.length === 0) return undefined;
  const certain = stale.filter(isCertain).length;
  const possible = stale.length - certain;
  return [
    `${count(certain, "stage")} to run`,
    ...(possible > 0 ? [`${possible} that may follow`] : []),
    `${statuses.length - stale.length} up to date`,
  ].join(", ");
}

/** Says why an instance is to run, as far as that is known: `parameter rate, 16 modules changed`. */
export function reasonOf(status: Stale): string {
  switch (status.state) {
    case "forced":
      return "forced";
    case "uncached":
      return "runs each time (cache: false)";
    case "new":
      return "never run";
    case "stale":
      return status.changes.length > 0 ? summaryOf(status.changes) : "its result was damaged";
    case "waiting": {
      if (!status.changes) return "never run";
      return status.changes.length > 0 ? summaryOf(status.changes) : "its inputs may change";
    }
  }
}

/**
 * Returns the status for `--json`; of a record it holds the main facts, since `audit --json` shows the rest.
 */
export function statusToJson(status: InstanceStatus) {
  if (status.state !== "current") return status;
  const { key, started, ended, tree } = status.record;
  return { instance: status.instance, state: status.state, key, tree, started, ended };
}
