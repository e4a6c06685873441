/** Sums up a run that has ended. */

import { printable } from "../../excerpt.ts";
import { count, dim, duration, green, listed, red, yellow } from "../terminal/text.ts";
import { fitted, outputColumns } from "../terminal/width.ts";
import type { InstanceResult, RunResult } from "./run_result.ts";

const mostNamed = 10; // instances in a line

/**
 * Returns a line that sums the run up, and further lines: after a failure the instances that failed or never
 * started, else what the reports say and where they are.
 */
export function conclusion({ outcome, instances, reports, summaries }: RunResult): readonly string[] {
  const time = duration(performance.now() / 1000); // since the process started
  const inState = <State extends InstanceResult["state"]>(wanted: State) =>
    instances.filter((instance): instance is Extract<InstanceResult, { state: State }> =>
      instance.state === wanted
    );
  const namesIn = (state: InstanceResult["state"]) => inState(state).map(({ instance }) => instance);
  const cached = inState("cached");
  const [failed, skipped] = [namesIn("failed"), namesIn("skipped")];
  const summary = `${inState("done").length} done, ${cached.length} cached in ${time}`;
  if (outcome === "detached") {
    const jobs = count(inState("left").length, "job");
    return [yellow(`■ left ${jobs} to themselves: ${summary}; run it again to go on from here`)];
  }
  if (outcome === "interrupted") {
    return [yellow(`■ interrupted: ${summary}; run it again to go on from here`)];
  }
  if (outcome === "failed") {
    return [
      red(`✗ ${failed.length} failed, ${skipped.length} skipped, ${summary}`),
      ...(failed.length > 0 ? [`  failed: ${listed(failed, mostNamed)}`] : []),
      ...(skipped.length > 0 ? [`  skipped: ${listed(skipped, mostNamed)}`] : []),
    ];
  }
  const saved = cached.reduce((sum, { seconds }) => sum + seconds, 0);
  const savedText = cached.length > 0 ? `  ${dim(`cached results saved ${duration(saved)}`)}` : "";
  const isAllCached = cached.length === instances.length;
  const first = isAllCached ? `✓ all ${count(cached.length, "stage")} up to date (${time})` : `✓ ${summary}`;
  return [
    green(first) + savedText,
    ...summaries.flatMap((text) => ["", ...summaryLines(text), ""]),
    ...reports.map((path) => `  report: ${path}`),
  ];
}

const longestSummary = 10_000; // characters

/** Returns the lines of what a report says, as far as they have room. */
function summaryLines(text: string): readonly string[] {
  const lines = printable(text.trimEnd(), longestSummary).split("\n");
  return fitted(lines, outputColumns() - 2).map((line) => line === "" ? "" : `  ${line}`);
}
