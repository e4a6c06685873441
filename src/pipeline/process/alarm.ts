import { setTimeout } from "node:timers";

const longestTimer = 2 ** 31 - 1; // milliseconds: timers count in 32 bits

/**
 * Returns a signal that fires after this many milliseconds, if the process still runs then; it may be weeks.
 */
export function alarmAfter(milliseconds: number): AbortSignal {
  const controller = new AbortController();
  const wait = (left: number) => {
    const ring = () => left > longestTimer ? wait(left - longestTimer) : controller.abort();
    setTimeout(ring, Math.min(left, longestTimer)).unref();
  };
  wait(milliseconds);
  return controller.signal;
}
