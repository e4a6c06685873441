/** The result of a run: how it and each of its instances ended. */

import { relative } from "node:path";
import type { RunEvent } from "../../pipeline/run/events.ts";
import type { ActionKey } from "../../pipeline/store/digest.ts";

export interface RunResult {
  readonly outcome: RunOutcome;
  /** All instances of the run, in the graph's order. */
  readonly instances: readonly InstanceResult[];
}

export type RunOutcome = "done" | "failed" | "interrupted";

export type InstanceResult =
  | { readonly instance: string; readonly state: "cached"; readonly key: ActionKey }
  | {
    readonly instance: string;
    readonly state: "done";
    readonly key: ActionKey;
    readonly seconds: number;
    readonly summary: readonly string[];
  }
  | { readonly instance: string; readonly state: "failed"; readonly reason: string; readonly log: string }
  /** An instance is stopped after another's failure or an interruption; it is skipped if it never started. */
  | { readonly instance: string; readonly state: "stopped" | "skipped" };

export interface ResultCollector {
  note(event: RunEvent): void;
  result(outcome: RunOutcome): RunResult;
}

/**
 * Collects the result of a run from its events.
 *
 * @param names the names of all its instances, in the graph's order
 */
export function collectResult(names: readonly string[]): ResultCollector {
  const ended = new Map<string, InstanceResult>();
  return {
    note(event) {
      const result = resultOf(event);
      if (result) ended.set(result.instance, result);
    },
    result: (outcome) => ({
      outcome,
      instances: names.map((instance) => ended.get(instance) ?? { instance, state: "skipped" }),
    }),
  };
}

function resultOf(event: RunEvent): InstanceResult | undefined {
  switch (event.type) {
    case "cached":
      return { instance: event.instance, state: "cached", key: event.key };
    case "done": {
      const { type: state, instance, ...more } = event;
      return { instance, state, ...more };
    }
    case "stopped":
      return { instance: event.instance, state: "stopped" };
    case "failed": {
      const { reason, log } = event.failure;
      return { instance: event.instance, state: "failed", reason, log: relative(Deno.cwd(), log) };
    }
    case "waiting":
    case "started":
    case "progress":
    case "retrying":
      return undefined;
  }
}
