import { type Prices, pricesOf } from "../../pipeline/explain/price.ts";
import { statusOf } from "../../pipeline/explain/status.ts";
import type { Plan } from "../../pipeline/plan/plan.ts";
import type { RunEvent } from "../../pipeline/run/events.ts";
import type { Forecast, Span } from "../../pipeline/run/forecast.ts";
import { forecastOf, memoryWarning, outlookText } from "./price_text.ts";
import type { Chosen } from "./selection.ts";
import { isCertain } from "./status_text.ts";

/** What is foretold of a run under way, from the same earlier runs as `plan` takes. */
export interface TimeLeft {
  /** Looks ahead when the first instance starts. Returns a line that says what there is to do. */
  begin(): Promise<string>;
  /** Follows the run; returns a warning where an instance starts that wants more memory than there is. */
  note(event: RunEvent): string | undefined;
  /** Returns how many seconds are left of the run; undefined where that isn't known. */
  ofRun(): number | undefined;
  /** Returns how far an instance is that runs. */
  ofInstance(name: string): InstanceProgress;
}

export interface InstanceProgress {
  /** The share of its work that is done, by what it reports or else by the clock; undefined without either. */
  readonly share: number | undefined;
  /** How many seconds are left of it; undefined where that isn't known. */
  readonly seconds: number | undefined;
}

/** How far a running instance is. */
interface Running {
  /** When it started, in milliseconds as `performance.now()` counts them. */
  readonly since: number;
  /** The share of its work that is done, as far as it says so. */
  share: number | undefined;
}

/** Follows a run of the chosen instances. */
export function timeLeft(plan: Plan, { instances, forced }: Chosen): TimeLeft {
  const ended = new Set<string>();
  const running = new Map<string, Running>();
  const resumed = new Map<string, number>(); // instance → the share that was done before this run
  let prices: Prices = new Map();
  let spans: Forecast["spans"] = new Map();
  let firstStart = 0;

  return {
    async begin() {
      firstStart = performance.now();
      const statuses = statusOf(plan, instances, forced);
      const stale = statuses.filter((status) => status.state !== "current");
      const names = new Set(stale.map(({ instance }) => instance));
      const toRun = instances.filter(({ name }) => names.has(name));
      prices = pricesOf(plan, toRun);
      const { seconds, spans: foretold } = await forecastOf(plan, prices, toRun);
      if (prices.size > 0) spans = foretold;
      const certain = stale.filter(isCertain).length;
      return outlookText({ certain, possible: stale.length - certain, prices, seconds });
    },
    note(event) {
      if (event.type === "waiting" || event.type === "retrying") return undefined;
      if (event.type === "remoteCache" || event.type === "fetching") return undefined;
      const { instance } = event;
      if (event.type === "progress") {
        const state = running.get(instance);
        if (!state) return undefined;
        const { done, total } = event.progress;
        state.share = done / Math.max(1, total);
        if (!resumed.has(instance)) resumed.set(instance, state.share);
      } else if (event.type === "started") {
        running.set(instance, { since: performance.now(), share: undefined });
        const price = prices.get(instance);
        return price && memoryWarning(instance, price);
      } else {
        running.delete(instance);
        ended.add(instance);
      }
    },
    ofRun() {
      const now = performance.now();
      const passed = Math.min(
        ...[...running].flatMap(([name, state]) => passedOf(spans.get(name), state, now)),
      );
      const before = [...resumed].map(([name, share]) => share * lengthOf(spans.get(name)));
      const ends = [...spans].flatMap(([name, { end }]) => ended.has(name) ? [] : [end]);
      return atLeastASecond(secondsLeft({
        foretold: Math.max(0, ...ends),
        passed,
        before: before.reduce((sum, seconds) => sum + seconds, 0),
        elapsed: (now - firstStart) / 1000,
      }));
    },
    ofInstance(name) {
      const state = running.get(name);
      if (!state) return { share: undefined, seconds: undefined };
      const foretold = lengthOf(spans.get(name));
      const elapsed = (performance.now() - state.since) / 1000;
      // What takes longer than was foretold is at nine tenths until it ends.
      const share = state.share ?? (foretold > 0 ? elapsed / Math.max(foretold, elapsed / 0.9) : undefined);
      if (share === undefined || foretold === 0) return { share, seconds: undefined };
      const before = state.share === undefined ? 0 : (resumed.get(name) ?? 0) * foretold;
      const passed = state.share === undefined ? elapsed : share * foretold;
      const left = secondsLeft({ foretold, passed, before, elapsed });
      return { share, seconds: atLeastASecond(left) };
    },
  };
}

function atLeastASecond(seconds: number): number | undefined {
  return seconds >= 1 && Number.isFinite(seconds) ? seconds : undefined;
}

/**
 * Returns how many seconds are left of a run or an instance. What was foretold of the rest is scaled by how fast it
 * has been until now: by half after half a minute, and nearly whole after some minutes, since a stage's start says
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
