/** Shows a run to a person: what there is to do, one line for each instance, and a table of those that run. */

import { relative } from "node:path";
import type { RunEvent } from "../../pipeline/run/events.ts";
import { printable } from "../../excerpt.ts";
import { liveLines } from "../terminal/live_lines.ts";
import { bold, bytes, dim, duration, green, red, yellow } from "../terminal/text.ts";
import { fitted, fittingItems, outputColumns, wrapped } from "../terminal/width.ts";
import { conclusion } from "./conclusion.ts";
import { runningInstances } from "./running_instances.ts";
import type { RunResult } from "./run_result.ts";
import type { TimeLeft } from "./time_left.ts";

export interface RunDisplay {
  show(event: RunEvent): void;
  /** Shows how the run ended; nothing may be shown after it. */
  end(result: RunResult): void;
}

const redrawMs = 250;

/**
 * Shows the run on standard output: a line says what there is to do, others what became of each instance, and
 * on a terminal a table below them which instances run.
 *
 * @param names the names of all its instances, which give their column its width
 * @param timeLeft what is foretold of it
 */
export function makeRunDisplay(names: readonly string[], timeLeft: TimeLeft): RunDisplay {
  const isTerminal = Deno.stdout.isTerminal();
  const width = Math.max(0, ...names.map((name) => name.length));
  const { print, draw } = liveLines();
  const printFor = (mark: string, name: string, text: string) =>
    print(wrapped(`${mark} ${name.padEnd(width)}  ${text}`, width + 4));
  const running = runningInstances(timeLeft);
  let ended = 0;
  const redraw = () => draw(running.lines(`${ended} of ${names.length} done`));
  const timer = setInterval(redraw, redrawMs);
  let unshown: string[] = []; // cached instances: if nothing runs, one line for all of them is shown instead
  let hasBegun = false;
  let held: RunEvent[] | undefined; // what happens while it is found out what there is to do

  function begin(): void {
    hasBegun = true;
    held = [];
    timeLeft.begin()
      .then((line) => held && print(wrapped(bold(line), 2)), () => {}) // the run tells what is wrong
      .then(release);
  }

  function release(): void {
    const events = held ?? [];
    held = undefined;
    events.forEach(take);
    redraw();
  }

  function showCached(): void {
    unshown.forEach((name) => printFor(green("✓"), name, dim("cached")));
    unshown = [];
  }

  function take(event: RunEvent): void {
    const warning = timeLeft.note(event);
    if (warning !== undefined) print(wrapped(yellow(warning), 2));
    if (event.type === "waiting") return print(wrapped(waitingText(event.instance), 2));
    if (event.type === "remoteCache") return print(wrapped(yellow(remoteText(event.text)), 2));
    const { instance } = event;
    if (event.type === "fetching") return running.fetch(instance, event);
    if (event.type === "progress") {
      const text = running.note(instance, event.progress);
      if (text !== undefined && !isTerminal) printFor("▶", instance, text); // on a terminal the timer draws it
      return;
    }
    if (event.type === "cached") {
      ended++;
      if (event.fetched !== undefined) {
        running.end(instance);
        showCached();
        return printFor(green("✓"), instance, `from the remote cache  ${dim(bytes(event.fetched))}`);
      }
      unshown.push(instance);
      if (hasBegun) showCached();
      return;
    }
    showCached();
    if (event.type === "started") {
      running.start(instance);
      if (!isTerminal) printFor("▶", instance, "running");
      return;
    }
    if (event.type !== "retrying") running.end(instance);
    if (event.type === "done") ended++;
    const { mark, text, aside, more } = endingOf(event);
    const shown = fittingItems(aside ?? "", outputColumns() - width - 6 - text.length);
    printFor(mark, instance, shown === "" ? text : `${text}  ${dim(shown)}`);
    fitted(more, outputColumns() - 4).forEach((line) => print(`    ${line}`));
  }

  return {
    show(event) {
      if (event.type === "started" && !hasBegun) begin();
      if (held) return void held.push(event);
      take(event);
      if (event.type !== "progress" && event.type !== "fetching") redraw();
    },
    end(result) {
      release();
      clearInterval(timer);
      draw([]);
      conclusion(result).forEach((line) => print(wrapped(line, 2)));
    },
  };
}

/** Returns what is wrong with the remote cache, whose own words may be anything. */
export function remoteText(text: string): string {
  return printable(text, 1000);
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
  /** What follows the text in the same line as far as there is room, in items with commas between. */
  readonly aside?: string;
  readonly more: readonly string[];
}

type EndingType = "done" | "stopped" | "left" | "failed" | "retrying";

function endingOf(event: Extract<RunEvent, { type: EndingType }>): Ending {
  if (event.type === "done") return doneEnding(event);
  if (event.type === "stopped") return { mark: yellow("■"), text: "stopped", more: [] };
  if (event.type === "left") return { mark: yellow("■"), text: `goes on as ${event.job}`, more: [] };
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
    ? { mark, text, aside: first, more: [] }
    : { mark, text, more: summary };
}
