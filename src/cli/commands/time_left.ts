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
  readonly since: number;
  share: number | undefined;
}

/** Follows a run of these instances. What isn't cached when the first of them starts is taken to run. */
export function timeLeft(plan: Plan, instances: readonly Instance[]): TimeLeft {
  const ended = new Set<string>();
  const running = new Map<string, Running>();
  let prices: ReturnType<typeof pricesOf> | undefined;
  let foretold: Forecast | undefined;

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
        if (state) state.share = event.progress.done / Math.max(1, event.progress.total);
      } else if (event.type === "started") {
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
      const passed = [...running].flatMap(([name, state]) => passedOf(spans.get(name), state) ?? []);
      const ends = [...spans].flatMap(([name, { end }]) => ended.has(name) ? [] : [end]);
      const left = Math.max(0, ...ends) - Math.min(...passed);
      return left >= 1 && Number.isFinite(left) ? `about ${roughDuration(left)} left` : "";
    },
  };
}

/** Returns how much of the foretold time has passed where a running instance is. */
function passedOf(span: Span | undefined, { since, share }: Running): number | undefined {
  if (!span) return undefined;
  const length = span.end - span.start;
  const elapsed = (performance.now() - since) / 1000;
  return span.start + Math.min(length, share === undefined ? elapsed : share * length);
}
