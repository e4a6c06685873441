/** Which instances are to run and why, in words and for programs. */

import type { Change, FileChange, Part } from "../../pipeline/explain/changes.ts";
import type { Json } from "../../pipeline/store/digest.ts";
import type { InstanceStatus } from "../../pipeline/explain/status.ts";
import { count, dim, listed, short } from "../terminal/text.ts";

const mostNamed = 2; // changes of one part in a line, and files of one input
const mostFiles = 5; // files of one input, a line each

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
    const names = changes.map(nameWithFiles).join(" and ");
    const noun = part === "environment" ? "environment fact" : part;
    if (changes.length > mostNamed) return count(changes.length, noun);
    return changes.length === 1 ? `${noun} ${names}`.trimEnd() : `${noun}s ${names}`;
  });
  return `${parts.join(", ")} changed`;
}

function nameWithFiles({ name, files }: Change): string {
  return files ? `${name} (${listed(files.map(fileText), mostNamed)})` : name;
}

/** What became of a file; in a sentence that ends with "changed", one that changed is just named. */
function fileText({ file, before, after }: FileChange): string {
  return before === undefined ? `${file} added` : after === undefined ? `${file} removed` : file;
}

/** A line for each change, in columns: what, which, from what to what; below that of a folder its files. */
export function describeChanges(changes: readonly Change[]): readonly string[] {
  const widthOf = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
  const parts = widthOf(changes.map(({ part }) => part));
  const names = widthOf(changes.map(({ name }) => name));
  return changes.flatMap(({ part, name, before, after, files = [] }) => {
    const [old, current] = [before, after].map((value) => shown(part, value));
    return [`  ${part.padEnd(parts)}  ${name.padEnd(names)}  ${old} → ${current}`, ...fileLines(files)];
  });
}

function fileLines(files: readonly FileChange[]): readonly string[] {
  const lines = files.slice(0, mostFiles).map((change) =>
    change.before !== undefined && change.after !== undefined ? `${change.file} changed` : fileText(change)
  );
  const more = files.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].map((line) => `    ${dim(line)}`);
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
