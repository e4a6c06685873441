/**
 * Adds up where the time of a signature's traced runs went. All numbers are averages over the traced runs.
 */

import type { ProfiledRun } from "./recorder.ts";
import type { TracedOperation } from "./traced_operations.ts";

/** The share of one type of operation. */
export interface TypeShare {
  readonly type: string;
  readonly count: number;
  readonly milliseconds: number;
  readonly flops: number;
}

/** The shares of an average run. */
export interface RunShares {
  readonly milliseconds: number;
  readonly tokens: number;
  readonly flops: number;
  /** The time in which no operation ran: feeds and fetches were copied, or the next operation was chosen. */
  readonly idleMilliseconds: number;
  /** The types of operations, those that took the most time first. */
  readonly types: readonly TypeShare[];
}

/**
 * Averages traced runs.
 *
 * @param runs at least one run
 */
export function sharesOf(runs: readonly ProfiledRun[]): RunShares {
  const average = (measure: (run: ProfiledRun) => number) => sum(runs, measure) / runs.length;
  const operations = runs.flatMap((run) => onDevices(run.operations));
  const byType = Map.groupBy(operations, ({ type }) => type);
  const types = Array.from(byType, ([type, same]) => ({
    type,
    count: same.length / runs.length,
    milliseconds: sum(same, ({ milliseconds }) => milliseconds) / runs.length,
    flops: sum(same, ({ flops }) => flops) / runs.length,
  }));
  return {
    milliseconds: average(({ milliseconds }) => milliseconds),
    tokens: average(({ tokens }) => tokens),
    flops: sum(types, ({ flops }) => flops),
    idleMilliseconds: average((run) => run.milliseconds - busyMilliseconds(onDevices(run.operations))),
    types: types.sort((a, b) => b.milliseconds - a.milliseconds),
  };
}

/**
 * Leaves out the streams and copies of GPUs. TensorFlow reports them in addition, though they are the same
 * operations.
 */
function onDevices(operations: readonly TracedOperation[]): readonly TracedOperation[] {
  return operations.filter(({ device }) => !/\/(stream:|memcpy)/.test(device));
}

/**
 * Returns the time in which at least one operation ran. The operations must be in the order in which they
 * started.
 */
function busyMilliseconds(operations: readonly TracedOperation[]): number {
  let [busy, end] = [0, 0];
  for (const { start, milliseconds } of operations) {
    busy += Math.max(0, start + milliseconds - Math.max(start, end));
    end = Math.max(end, start + milliseconds);
  }
  return busy;
}

function sum<Value>(values: readonly Value[], measure: (value: Value) => number): number {
  return values.reduce((total, value) => total + measure(value), 0);
}
