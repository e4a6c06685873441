/** Sums up a run that has ended. */

import { count, dim, duration, green, listed, red, yellow } from "../terminal/text.ts";
import type { InstanceResult, RunResult } from "./run_result.ts";

const mostNamed = 10; // instances in a line

/**
 * Returns a line that sums the run up, and further lines: after a failure the instances that failed or never
 * started, else where the reports are.
 */
export function conclusion({ outcome, instances, reports }: RunResult): readonly string[] {
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
  return [green(first) + savedText, ...reports.map((path) => `  report: ${path}`)];
}
