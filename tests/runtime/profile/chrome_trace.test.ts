import assert from "node:assert/strict";
import { chromeTrace } from "../../../src/runtime/profile/chrome_trace.ts";
import { operation, run } from "./operations.ts";

Deno.test("a trace holds runs and operations on one clock, in microseconds, by device and thread", () => {
  const traced = [
    run(5_000_000n, operation({ type: "MatMul", flops: 1e9, thread: 7 }), operation({ start: 2.5 })),
    run(20_000_000n, operation({})),
  ];
  const trace = JSON.parse(chromeTrace([{ name: "train", runs: 9, milliseconds: 90, traced }]));

  const [runs, device, ...events] = trace.traceEvents;
  assert.deepEqual([runs.args.name, device.args.name], ["runs", "/device:CPU:0"]);
  assert.deepEqual(
    events.map((event: Record<string, unknown>) => [event.name, event.pid, event.tid, event.ts, event.dur]),
    [
      ["train", 0, 0, 0, 4500],
      ["MatMul", 1, 7, 0, 2000],
      ["Mul", 1, 1, 2500, 2000],
      ["train", 0, 0, 15_000, 2000],
      ["Mul", 1, 1, 15_000, 2000],
    ],
  );
  assert.deepEqual(events[1].args, { node: "y", flops: 1e9, "GFLOP/s": 500 });
});
