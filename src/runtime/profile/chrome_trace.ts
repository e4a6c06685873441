import type { SignatureProfile } from "./recorder.ts";

/**
 * Writes traced runs as a Chrome trace (the Trace Event Format, for Perfetto or chrome://tracing). Each
 * device is a process with its operations by thread, and one more process shows the runs. Times are
 * microseconds since the first traced operation.
 */
export function chromeTrace(signatures: readonly SignatureProfile[]): string {
  const runs = signatures
    .flatMap(({ name, traced }) => traced.map((run) => ({ name, ...run })))
    .sort((a, b) => a.started < b.started ? -1 : 1);
  const devices = [...new Set(runs.flatMap(({ operations }) => operations.map(({ device }) => device)))]
    .sort();
  const processes = ["runs", ...devices];
  const named = processes.map((name, pid) => ({ name: "process_name", ph: "M", pid, args: { name } }));
  const events = runs.flatMap(({ name: run, started, operations }, index) => {
    const offset = Number(started - runs[0].started) / 1000;
    const end = operations.reduce((last, { start, milliseconds }) => Math.max(last, start + milliseconds), 0);
    const whole = {
      name: run,
      ph: "X",
      pid: 0,
      tid: 0,
      ts: offset,
      dur: end * 1000,
      args: { traced: index + 1 },
    };
    return [
      whole,
      ...operations.map(({ node, type, device, thread, start, milliseconds, flops }) => ({
        name: type,
        cat: run,
        ph: "X",
        pid: processes.indexOf(device),
        tid: thread,
        ts: offset + start * 1000,
        dur: milliseconds * 1000,
        args: { node, ...(flops > 0 ? { flops, "GFLOP/s": flops / milliseconds / 1e6 } : {}) },
      })),
    ];
  });
  return `{"displayTimeUnit":"ms","traceEvents":[\n${
    [...named, ...events].map((event) => JSON.stringify(event)).join(",\n")
  }\n]}\n`;
}
