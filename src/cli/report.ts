/** Tells a run's events to a person: one line an instance, and a live one while it runs. */

import { relative } from "node:path";
import type { RunEvent } from "../pipeline/run.ts";
import { liveLines } from "./live.ts";
import { blue, bold, count, dim, duration, green, red, yellow } from "./text.ts";

export interface Reporter {
  report(event: RunEvent): void;
  /** Says how the run ended, in one line. */
  end(how: "done" | "failed" | "interrupted"): void;
}

const redrawMs = 250;
const sparseMs = 15_000; // between two lines of progress where there is no terminal

interface Running {
  readonly since: number;
  progress: string;
  saidAt: number;
}

/** @param names of all instances in the run, for the width of their column */
export function makeReporter(names: readonly string[]): Reporter {
  const width = Math.max(...names.map((name) => name.length));
  const { print, draw } = liveLines();
  const running = new Map<string, Running>();
  const cached: string[] = [];
  let done = 0;
  const line = (mark: string, name: string, text: string) => `${mark} ${name.padEnd(width)}  ${text}`;
  const redraw = () =>
    draw(
      [...running].map(([name, { since, progress }]) =>
        line(blue("▶"), name, `${dim(duration(secondsSince(since)))}  ${progress}`)
      ),
    );
  const timer = setInterval(redraw, redrawMs);
  // A run with nothing to do says so in one line; otherwise what was cached is told before what ran.
  const printCached = () => cached.splice(0).forEach((name) => print(line(green("✓"), name, dim("cached"))));
  let cachedCount = 0;

  function report(event: RunEvent): void {
    if (event.type === "waiting") return print(dim("another run is using artifacts/: waiting for it to end"));
    const { instance } = event;
    if (event.type === "cached") {
      cachedCount++;
      cached.push(instance);
      if (running.size + done > 0) printCached();
      return;
    }
    printCached();
    switch (event.type) {
      case "started":
        running.set(instance, { since: performance.now(), progress: "", saidAt: performance.now() });
        if (!Deno.stdout.isTerminal()) print(line("▶", instance, "running"));
        break;
      case "progress": {
        const state = running.get(instance);
        const { done, total, text } = event.progress;
        if (state) tellProgress(instance, state, `${done}/${total}  ${text}`);
        break;
      }
      case "done":
        done++;
        running.delete(instance);
        print(line(green("✓"), instance, `done in ${duration(event.seconds)}`));
        break;
      case "stopped":
        running.delete(instance);
        print(line(yellow("■"), instance, "stopped"));
        break;
      case "failed": {
        const { reason, lastLines, log } = event.failure;
        running.delete(instance);
        print(line(red("✗"), bold(instance), `failed: ${reason}`));
        lastLines.forEach((text) => print(`    ${dim(text)}`));
        print(`    its log: ${relative(Deno.cwd(), log)}`);
      }
    }
    redraw();
  }

  function tellProgress(instance: string, state: Running, progress: string): void {
    state.progress = progress;
    if (Deno.stdout.isTerminal() || performance.now() - state.saidAt < sparseMs) return;
    state.saidAt = performance.now();
    print(line("▶", instance, progress));
  }

  function end(how: "done" | "failed" | "interrupted"): void {
    clearInterval(timer);
    draw([]);
    const time = duration(performance.now() / 1000); // since the process started
    if (how === "done" && done === 0) {
      return print(green(`✓ all ${count(cachedCount, "stage")} up to date (${time})`));
    }
    const summary = `${done} done, ${cachedCount} cached in ${time}`;
    if (how === "done") print(green(`✓ ${summary}`));
    if (how === "failed") print(red(`✗ stopped by a failure: ${summary}`));
    if (how === "interrupted") print(yellow(`■ interrupted: ${summary}; nothing half-done is kept`));
  }

  return { report, end };
}

function secondsSince(time: number): number {
  return (performance.now() - time) / 1000;
}
