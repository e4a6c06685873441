import type { Progress } from "../../pipeline/process/conversation.ts";
import { dim, roughDuration } from "../terminal/text.ts";
import { outputColumns } from "../terminal/width.ts";
import { runningLines } from "./running_table.ts";
import type { TimeLeft } from "./time_left.ts";

const sparseMs = 15_000; // between two lines of progress where there is no terminal

interface Running {
  /** When it started, in milliseconds as `performance.now()` counts them. */
  readonly since: number;
  report: Progress | undefined;
  /** When its progress was last printed, likewise. */
  printedAt: number;
}

/**
 * Keeps how far the instances are that run now.
 *
 * @param timeLeft what is foretold of them
 */
export function runningInstances(timeLeft: TimeLeft) {
  const running = new Map<string, Running>();
  const leftText = (seconds: number | undefined) =>
    seconds === undefined ? [] : [`about ${roughDuration(seconds)} left`];
  return {
    start(name: string): void {
      const now = performance.now();
      running.set(name, { since: now, report: undefined, printedAt: now });
    },
    /** Notes how many bytes of an instance's result have come from the remote cache. */
    fetch(name: string, bytes: { readonly done: number; readonly total: number }): void {
      const [done, total] = [bytes.done, bytes.total].map((size) => Math.ceil(size / 1e6));
      const since = running.get(name)?.since ?? performance.now();
      const report: Progress = {
        type: "progress",
        done,
        total,
        text: "MB from the remote cache",
        heldBytes: 0,
      };
      running.set(name, { since, report, printedAt: since });
    },
    end(name: string): void {
      running.delete(name);
    },
    /** Notes how far an instance is. Returns a text that says so where the one before is long ago. */
    note(name: string, report: Progress): string | undefined {
      const state = running.get(name);
      if (!state) return undefined;
      state.report = report;
      if (performance.now() - state.printedAt < sparseMs) return undefined;
      state.printedAt = performance.now();
      const left = [
        ...leftText(timeLeft.ofInstance(name).seconds),
        ...leftText(timeLeft.ofRun()).map((text) => `${text} of the run`),
      ];
      return [`${report.done}/${report.total}`, report.text, ...left].join("  ");
    },
    /** Returns a line for each, and one for the run as a whole. */
    lines(done: string): readonly string[] {
      if (running.size === 0) return [];
      const rows = [...running].map(([name, { since, report }]) => ({
        name,
        report,
        elapsed: (performance.now() - since) / 1000,
        ...timeLeft.ofInstance(name),
      }));
      const total = [done, ...leftText(timeLeft.ofRun())].join(", ");
      return [...runningLines(rows, outputColumns() - 1), dim(`  ${total}`)];
    },
  };
}
