/** The result of a run: how it and each of its instances ended. */

import { join, relative } from "node:path";
import type { Instance } from "../../pipeline/graph/instance.ts";
import type { RunEvent } from "../../pipeline/run/events.ts";
import { statIfThere } from "../../pipeline/store/atomic.ts";
import { readText } from "../../pipeline/store/blobs.ts";
import type { ActionKey } from "../../pipeline/store/digest.ts";
import type { InstanceName } from "../../pipeline/store/instance_name.ts";
import { latestRecord } from "../../pipeline/store/results.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { viewPath } from "../../pipeline/store/views.ts";

export interface RunResult {
  readonly outcome: RunOutcome;
  /** All instances of the run, in the graph's order. */
  readonly instances: readonly InstanceResult[];
  /** The paths of the reports, to open in a browser, that there are now that all is up to date. */
  readonly reports: readonly string[];
  /** What came out, as these reports say it: each a text of several lines. */
  readonly summaries: readonly string[];
}

/** `detached` says that nothing went wrong, but jobs go on without the run. */
export type RunOutcome = "done" | "detached" | "failed" | "interrupted";

export type InstanceResult =
  /**
   * `seconds` is how long it took when it was made; `fetched` is how many bytes came from the remote cache, where
   * it came from there.
   */
  | {
    readonly instance: string;
    readonly state: "cached";
    readonly key: ActionKey;
    readonly seconds: number;
    readonly fetched?: number;
  }
  | {
    readonly instance: string;
    readonly state: "done";
    readonly key: ActionKey;
    readonly seconds: number;
    readonly summary: readonly string[];
  }
  | { readonly instance: string; readonly state: "failed"; readonly reason: string; readonly log: string }
  | { readonly instance: string; readonly state: "left"; readonly job: string }
  /** An instance is stopped after another's failure or an interruption; it is skipped if it never started. */
  | { readonly instance: string; readonly state: "stopped" | "skipped" };

export interface ResultCollector {
  note(event: RunEvent): void;
  /** Says whether jobs were left to themselves, and nothing has failed. */
  isLeft(): boolean;
  result(outcome: RunOutcome): RunResult;
}

/**
 * Collects the result of a run from its events.
 *
 * @param instances all its instances, in the graph's order
 */
export function collectResult(store: Store, instances: readonly Instance[]): ResultCollector {
  const ended = new Map<string, InstanceResult>();
  return {
    note(event) {
      const result = resultOf(event);
      if (result) ended.set(result.instance, result);
    },
    isLeft() {
      const states = [...ended.values()].map(({ state }) => state);
      return states.includes("left") && !states.includes("failed");
    },
    result(outcome) {
      const reports = outcome === "done" ? instances.flatMap(({ name }) => reportOf(store, name) ?? []) : [];
      return {
        outcome,
        instances: instances.map(({ name }) => ended.get(name) ?? { instance: name, state: "skipped" }),
        reports: reports.map(({ path }) => path),
        summaries: reports.flatMap(({ summary }) => summary ?? []),
      };
    },
  };
}

/** Returns the path of the report that an instance's result has, and its summary, if it has them. */
function reportOf(store: Store, instance: InstanceName) {
  const path = join(viewPath(store, instance), "report.html");
  if (!statIfThere(path)) return undefined;
  const summary = latestRecord(store, instance)?.files["summary.txt"];
  return { path: relative(Deno.cwd(), path), summary: summary && readText(store, summary.digest) };
}

function resultOf(event: RunEvent): InstanceResult | undefined {
  switch (event.type) {
    case "cached": {
      const { type: state, ...more } = event;
      return { state, ...more };
    }
    case "done": {
      const { type: state, instance, ...more } = event;
      return { instance, state, ...more };
    }
    case "left":
      return { instance: event.instance, state: "left", job: event.job };
    case "stopped":
      return { instance: event.instance, state: "stopped" };
    case "failed": {
      const { reason, log } = event.failure;
      return { instance: event.instance, state: "failed", reason, log: relative(Deno.cwd(), log) };
    }
    case "waiting":
    case "remoteCache":
    case "fetching":
    case "started":
    case "progress":
    case "retrying":
      return undefined;
  }
}
