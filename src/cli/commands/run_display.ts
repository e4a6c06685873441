/** Shows a run to a person: one line for each instance, and a live line while it runs. */

import { relative } from "node:path";
import type { Progress } from "../../pipeline/process/conversation.ts";
import type { RunEvent } from "../../pipeline/run/events.ts";
import { liveLines } from "../terminal/live_lines.ts";
import { blue, count, dim, duration, green, listed, red, yellow } from "../terminal/text.ts";
import type { InstanceResult, RunResult } from "./run_result.ts";
import type { TimeLeft } from "./time_left.ts";

export interface RunDisplay {
  show(event: RunEvent): void;
  /** Shows how the run ended; nothing may be shown after it. */
  end(result: RunResult): void;
}

interface Running {
  /** When it started, in milliseconds as `performance.now()` counts them. */
  readonly since: number;
  progress: string;
  /** When its progress was last printed, likewise. */
  printedAt: number;
}

const redrawMs = 250;
const sparseMs = 15_000; // between two lines of progress where there is no terminal
const mostNamed = 10; // instances in a line of the conclusion

/**
 * Shows the run on standard output.
 *
 * @param names the names of all its instances, which give their column its width
 * @param timeLeft what is foretold of it
 */
export function makeRunDisplay(names: readonly string[], timeLeft: TimeLeft): RunDisplay {
  const isTerminal = Deno.stdout.isTerminal();
  const width = Math.max(0, ...names.map((name) => name.length));
  const line: Line = (mark, name, text) => `${mark} ${name.padEnd(width)}  ${text}`;
  const { print, draw } = liveLines();
  const running = runningInstances(line, timeLeft);
  const redraw = () => draw(running.lines());
  const timer = setInterval(redraw, redrawMs);
  let anyRan = false;
  let unshown: string[] = []; // cached instances: if nothing runs, one line for all of them is shown instead

  function showCached(): void {
    unshown.forEach((name) => print(line(green("✓"), name, dim("cached"))));
    unshown = [];
  }

  function take(event: RunEvent): void {
    if (event.type === "waiting") return print(waitingText(event.instance));
    const { instance } = event;
    if (event.type === "progress") {
      const text = running.note(instance, event.progress);
      if (text !== undefined && !isTerminal) print(text); // on a terminal the timer draws it
      return;
    }
    if (event.type === "cached") {
      unshown.push(instance);
      if (anyRan) showCached();
      return;
    }
    showCached();
    if (event.type === "started") {
      anyRan = true;
      running.start(instance);
      if (!isTerminal) print(line("▶", instance, "running"));
      return;
    }
    if (event.type !== "retrying") running.end(instance);
    const { mark, text, more } = endingOf(event);
    print(line(mark, instance, text));
    more.forEach((text) => print(`    ${text}`));
  }

  return {
    show(event) {
      const warning = timeLeft.note(event);
      if (warning !== undefined) print(yellow(warning));
      take(event);
      if (event.type !== "progress") redraw();
    },
    end(result) {
      clearInterval(timer);
      draw([]);
      conclusion(result).forEach(print);
    },
  };
}

type Line = (mark: string, name: string, text: string) => string;

/** Keeps how far the instances are that run now. */
function runningInstances(line: Line, timeLeft: TimeLeft) {
  const running = new Map<string, Running>();
  return {
    start(name: string): void {
      const now = performance.now();
      running.set(name, { since: now, progress: "", printedAt: now });
    },
    end(name: string): void {
      running.delete(name);
    },
    /** Notes how far an instance is. Returns a line that says so where the one before is long ago. */
    note(name: string, { done, total, text }: Progress): string | undefined {
      const state = running.get(name);
      if (!state) return undefined;
      state.progress = `${done}/${total}  ${text}`;
      if (performance.now() - state.printedAt < sparseMs) return undefined;
      state.printedAt = performance.now();
      const left = timeLeft.text();
      return line("▶", name, left === "" ? state.progress : `${state.progress}, ${left}`);
    },
    /** Returns a line for each, and one for the time that is left. */
    lines(): readonly string[] {
      const left = timeLeft.text();
      const lines = [...running].map(([name, { since, progress }]) =>
        line(blue("▶"), name, `${dim(elapsed(since))}  ${progress}`)
      );
      return left === "" ? lines : [...lines, dim(`  ${left}`)];
    },
  };
}

function waitingText(instance: string | undefined): string {
  return dim(
    instance === undefined
      ? "another process is cleaning artifacts/: waiting for it to end"
      : `another process is making ${instance}: waiting for it`,
  );
}

/** How an instance, or an attempt at it, ended: the mark, the text beside its name, and further lines. */
interface Ending {
  readonly mark: string;
  readonly text: string;
  readonly more: readonly string[];
}

function endingOf(event: Extract<RunEvent, { type: "done" | "stopped" | "failed" | "retrying" }>): Ending {
  if (event.type === "done") return doneEnding(event);
  if (event.type === "stopped") return { mark: yellow("■"), text: "stopped", more: [] };
  const { reason, lastLines, log } = event.failure;
  if (event.type === "retrying") {
    const text = `failed, trying again (${event.left} left after that): ${reason}`;
    return { mark: yellow("↻"), text, more: lastLines.map(dim) };
  }
  const more = [...lastLines.map(dim), `its log: ${relative(Deno.cwd(), log)}`];
  return { mark: red("✗"), text: `failed: ${reason}`, more };
}

/** A summary of one line stands beside the time, a longer one below it. */
function doneEnding({ seconds, summary }: Extract<RunEvent, { type: "done" }>): Ending {
  const [first, ...others] = summary;
  const [mark, text] = [green("✓"), `done in ${duration(seconds)}`] as const;
  return first !== undefined && others.length === 0
    ? { mark, text: `${text}  ${dim(first)}`, more: [] }
    : { mark, text, more: summary };
}

/**
 * Sums the run up in one line; after a failure, further lines name the instances that failed or never
 * started.
 */
function conclusion({ outcome, instances }: RunResult): readonly string[] {
  const time = duration(performance.now() / 1000); // since the process started
  const inState = (wanted: InstanceResult["state"]) =>
    instances.flatMap(({ instance, state }) => state === wanted ? [instance] : []);
  const [done, cached] = [inState("done"), inState("cached")] as const;
  const [failed, skipped] = [inState("failed"), inState("skipped")] as const;
  const summary = `${done.length} done, ${cached.length} cached in ${time}`;
  if (outcome === "interrupted") {
    return [yellow(`■ interrupted: ${summary}; run it again to go on from here`)];
  }
  if (outcome === "done") {
    const nothingToDo = `✓ all ${count(cached.length, "stage")} up to date (${time})`;
    return [green(done.length === 0 ? nothingToDo : `✓ ${summary}`)];
  }
  return [
    red(`✗ ${failed.length} failed, ${skipped.length} skipped, ${summary}`),
    ...(failed.length > 0 ? [`  failed: ${listed(failed, mostNamed)}`] : []),
    ...(skipped.length > 0 ? [`  skipped: ${listed(skipped, mostNamed)}`] : []),
  ];
}

function elapsed(since: number): string {
  const seconds = Math.floor((performance.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : duration(seconds);
}
