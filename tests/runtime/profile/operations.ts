import type { ProfiledRun } from "../../../src/runtime/profile/recorder.ts";
import type { TracedOperation } from "../../../src/runtime/profile/traced_operations.ts";

/** An operation of 2 ms that starts a run, but for what is given. */
export function operation(known: Partial<TracedOperation>): TracedOperation {
  const usual = {
    node: "y",
    type: "Mul",
    device: "/device:CPU:0",
    thread: 1,
    start: 0,
    milliseconds: 2,
    flops: 0,
  };
  return { ...usual, ...known };
}

/** A run of 10 ms and 100 tokens. */
export function run(started: bigint, ...operations: TracedOperation[]): ProfiledRun {
  return { started, operations, milliseconds: 10, tokens: 100 };
}
