/** Which instances are to run and why, in words and for programs. */

import type { Change, Part } from "../pipeline/changes.ts";
import type { Json } from "../pipeline/digest.ts";
import type { InstanceStatus } from "../pipeline/status.ts";
import { count, dim, short } from "./text.ts";

const mostNamed = 2; // changes of one part in a line

export type Stale = Exclude<InstanceStatus, { state: "current" }>;

/** Whether it is to run whatever those before it make. */
export function isCertain(status: Stale): boolean {
  return status.state !== "waiting" || status.changes?.length !== 0;
}

/** How many are to run, may follow, are up to date; undefined where all are. */
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

/** What speaks for running an instance, as far as it is known: `parameter rate, 16 modules changed`. */
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

/** Each part by name, or how many of it where there are many: `parameter rate, 16 modules changed`. */
function summaryOf(changes: readonly Change[]): string {
  const byPart = Map.groupBy(changes, ({ part }) => part);
  const parts = [...byPart].map(([part, changes]) => {
    const names = changes.map(({ name }) => name).join(" and ");
    const noun = part === "environment" ? "environment fact" : part;
    if (changes.length > mostNamed) return count(changes.length, noun);
    return changes.length === 1 ? `${noun} ${names}`.trimEnd() : `${noun}s ${names}`;
  });
  return `${parts.join(", ")} changed`;
}

/** A line for each change, in columns: what, which, from what to what. */
export function describeChanges(changes: readonly Change[]): readonly string[] {
  const widthOf = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
  const parts = widthOf(changes.map(({ part }) => part));
  const names = widthOf(changes.map(({ name }) => name));
  return changes.map(({ part, name, before, after }) => {
    const [old, current] = [before, after].map((value) => shown(part, value));
    return `  ${part.padEnd(parts)}  ${name.padEnd(names)}  ${old} → ${current}`;
  });
}

function shown(part: Part, value: Json | undefined): string {
  if (value === undefined) return dim("none");
  if (part === "parameter") return JSON.stringify(value);
  return part === "environment" ? String(value) : short(String(value)); // the rest are digests
}

/** The status without what its record holds besides: `audit --json` tells that. */
export function statusToJson(status: InstanceStatus) {
  if (status.state !== "current") return status;
  const { key, started, ended, tree } = status.record;
  return { instance: status.instance, state: status.state, key, tree, started, ended };
}
