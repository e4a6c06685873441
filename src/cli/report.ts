/** Tells a run's events to a person: one line an instance, and a live one while it runs. */

import { relative } from "node:path";
import type { RunEvent } from "../pipeline/run.ts";
import { liveLines } from "./live.ts";
import { blue, count, dim, duration, green, red, yellow } from "./text.ts";

export interface Reporter {
  report(event: RunEvent): void;
  /** Says how the run ended, in one line. */
  end(how: "done" | "failed" | "interrupted"): void;
}

interface Running {
  readonly since: number;
  progress: string;
  toldAt: number;
}

const redrawMs = 250;
const sparseMs = 15_000; // between two lines of progress where there is no terminal

/** @param names of all instances in the run, for the width of their column */
export function makeReporter(names: readonly string[]): Reporter {
  const isTerminal = Deno.stdout.isTerminal();
  const width = Math.max(0, ...names.map((name) => name.length));
  const { print, draw } = liveLines();
  const running = new Map<string, Running>();
  const counts = { cached: 0, done: 0 };
  let untold: string[] = []; // cached: a run with nothing to do is told in one line instead

  const line = (mark: string, name: string, text: string) => `${mark} ${name.padEnd(width)}  ${text}`;
  const redraw = () =>
    draw(
      [...running].map(([name, { since, progress }]) =>
        line(blue("▶"), name, `${dim(elapsed(since))}  ${progress}`)
      ),
    );
  const timer = setInterval(redraw, redrawMs);

  function tellCached(): void {
    untold.forEach((name) => print(line(green("✓"), name, dim("cached"))));
    untold = [];
  }

  function take(event: RunEvent): void {
    if (event.type === "waiting") return print(dim("another run is using artifacts/: waiting for it to end"));
    const { instance } = event;
    if (event.type === "progress") return note(instance, event.progress);
    if (event.type === "cached") {
      counts.cached++;
      untold.push(instance);
      if (running.size + counts.done > 0) tellCached();
      return;
    }
    tellCached();
    if (event.type === "started") {
      const now = performance.now();
      running.set(instance, { since: now, progress: "", toldAt: now });
      if (!isTerminal) print(line("▶", instance, "running"));
      return;
    }
    running.delete(instance);
    if (event.type === "done") counts.done++;
    const [mark, text, ...more] = ending(event);
    print(line(mark, instance, text));
    more.forEach((text) => print(`    ${text}`));
  }

  function note(
    instance: string,
    { done, total, text }: { done: number; total: number; text: string },
  ): void {
    const state = running.get(instance);
    if (!state) return;
    state.progress = `${done}/${total}  ${text}`;
    if (isTerminal || performance.now() - state.toldAt < sparseMs) return; // the timer draws it
    state.toldAt = performance.now();
    print(line("▶", instance, state.progress));
  }

  function end(how: "done" | "failed" | "interrupted"): void {
    clearInterval(timer);
    draw([]);
    print(conclusion(how, counts));
  }

  return {
    report(event) {
      take(event);
      if (event.type !== "progress") redraw();
    },
    end,
  };
}

/** How an instance ended: the mark, what to say beside its name, and further lines. */
function ending(event: Extract<RunEvent, { type: "done" | "stopped" | "failed" }>): readonly string[] {
  if (event.type === "done") return doneEnding(event);
  if (event.type === "stopped") return [yellow("■"), "stopped"];
  const { reason, lastLines, log } = event.failure;
  return [red("✗"), `failed: ${reason}`, ...lastLines.map(dim), `its log: ${relative(Deno.cwd(), log)}`];
}

/** A summary of one line stands beside the time, a longer one below. */
function doneEnding({ seconds, summary }: Extract<RunEvent, { type: "done" }>): readonly string[] {
  const text = `done in ${duration(seconds)}`;
  return summary.length === 1 ? [green("✓"), `${text}  ${dim(summary[0])}`] : [green("✓"), text, ...summary];
}

function conclusion(
  how: "done" | "failed" | "interrupted",
  { done, cached }: Record<"done" | "cached", number>,
) {
  const time = duration(performance.now() / 1000); // since the process started
  const summary = `${done} done, ${cached} cached in ${time}`;
  if (how === "interrupted") return yellow(`■ interrupted: ${summary}; nothing half-done is kept`);
  if (how === "failed") return red(`✗ stopped by a failure: ${summary}`);
  return green(done === 0 ? `✓ all ${count(cached, "stage")} up to date (${time})` : `✓ ${summary}`);
}

function elapsed(since: number): string {
  const seconds = Math.floor((performance.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : duration(seconds);
}
