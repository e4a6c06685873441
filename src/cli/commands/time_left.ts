import { pricesOf } from "../../pipeline/explain/price.ts";
import type { Instance } from "../../pipeline/graph/instance.ts";
import type { Plan } from "../../pipeline/plan/plan.ts";
import type { RunEvent } from "../../pipeline/run/events.ts";
import type { Forecast, Span } from "../../pipeline/run/forecast.ts";
import { roughDuration } from "../terminal/text.ts";
import { forecastOf, memoryWarning } from "./price_text.ts";

/** What is foretold of a run under way, from the same earlier runs as `plan` takes. */
export interface TimeLeft {
  /** Follows the run; returns a warning where an instance starts that wants more memory than there is. */
  note(event: RunEvent): string | undefined;
  /** Says how much time is left; empty where that isn't known. */
  text(): string;
}

/** How far a running instance is, by what it reports or else by the clock. */
interface Running {
  /** When it started, in milliseconds as `performance.now()` counts them. */
  readonly since: number;
  /** The share of its work that is done. */
  share: number | undefined;
}

/** Follows a run of these instances. What isn't cached when the first of them starts is taken to run. */
export function timeLeft(plan: Plan, instances: readonly Instance[]): TimeLeft {
  const ended = new Set<string>();
  const running = new Map<string, Running>();
  const resumed = new Map<string, number>(); // instance → the share that was done before this run
  let prices: ReturnType<typeof pricesOf> | undefined;
  let foretold: Forecast | undefined;
  let firstStart = 0;

  function begin(): ReturnType<typeof pricesOf> {
    const toRun = instances.filter(({ name }) => !ended.has(name));
    const found = pricesOf(plan, toRun);
    if (found.size > 0) forecastOf(plan, found, toRun).then((forecast) => foretold = forecast);
    return found;
  }

  return {
    note(event) {
      if (event.type === "waiting" || event.type === "retrying") return undefined;
      const { instance } = event;
      if (event.type === "progress") {
        const state = running.get(instance);
        if (!state) return undefined;
        const { done, total } = event.progress;
        state.share = done / Math.max(1, total);
        if (!resumed.has(instance)) resumed.set(instance, state.share);
      } else if (event.type === "started") {
        if (!prices) firstStart = performance.now();
        prices ??= begin();
        running.set(instance, { since: performance.now(), share: undefined });
        const price = prices.get(instance);
        return price && memoryWarning(instance, price);
      } else {
        running.delete(instance);
        ended.add(instance);
      }
    },
    text() {
      if (!foretold) return "";
      const { spans } = foretold;
      const now = performance.now();
      const passed = Math.min(
        ...[...running].flatMap(([name, state]) => passedOf(spans.get(name), state, now)),
      );
      const before = [...resumed].map(([name, share]) => share * lengthOf(spans.get(name)));
      const ends = [...spans].flatMap(([name, { end }]) => ended.has(name) ? [] : [end]);
      const left = secondsLeft({
        foretold: Math.max(0, ...ends),
        passed,
        before: before.reduce((sum, seconds) => sum + seconds, 0),
        elapsed: (now - firstStart) / 1000,
      });
      return left >= 1 && Number.isFinite(left) ? `about ${roughDuration(left)} left` : "";
    },
  };
}

/**
 * Returns how many seconds are left of a run. What was foretold of the rest is scaled by how fast the run has
 * been until now: by half after half a minute, and nearly whole after some minutes, since a stage's start says
 * little of its speed.
 *
 * @param foretold the seconds that the whole run was foretold to take
 * @param passed how many of them have passed, by what is done
 * @param before how many of these were done by an earlier run, from which this one goes on
 * @param elapsed the seconds since the run started
 */
export function secondsLeft(
  { foretold, passed, before, elapsed }: Readonly<
    Record<"foretold" | "passed" | "before" | "elapsed", number>
  >,
): number {
  const assumed = 30; // seconds at the foretold speed that a run begins with
  const pace = (elapsed + assumed) / (Math.max(0, passed - before) + assumed);
  return (foretold - passed) * pace;
}

/** Returns how much of the foretold time has passed where a running instance is; none for one without a price. */
function passedOf(span: Span | undefined, { since, share }: Running, now: number): readonly number[] {
  if (!span) return [];
  const elapsed = (now - since) / 1000;
  return [span.start + (share === undefined ? Math.min(lengthOf(span), elapsed) : share * lengthOf(span))];
}

function lengthOf(span: Span | undefined): number {
  return span ? span.end - span.start : 0;
}
