import type { ProfiledRun } from "../../../src/runtime/profile/recorder.ts";
import type { TracedOperation } from "../../../src/runtime/profile/traced_operations.ts";

/** Makes an operation that starts a run and takes 2 ms, except for what is given. */
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

/** Makes a run of 10 ms and 100 tokens. */
export function run(started: bigint, ...operations: TracedOperation[]): ProfiledRun {
  return { started, operations, milliseconds: 10, tokens: 100 };
}
