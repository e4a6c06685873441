/** Which stages a command is about, for those that run stages or tell what would run. */

import type { Command } from "commander";
import type { Instance } from "../../pipeline/graph/instance.ts";
import type { Plan } from "../../pipeline/plan/plan.ts";
import { selectedInstances, withNeeded } from "../../pipeline/graph/select.ts";

export interface SelectionOptions {
  readonly force: boolean;
  readonly only: boolean;
  readonly from?: string;
  readonly until?: string;
}

export function addSelectionOptions(command: Command): Command {
  return command
    .argument("[stages...]", "stages, instances or globs")
    .option("--force", "run what is named (by default all) even where its result is cached", false)
    .option("--only", "run nothing but what is named: what it needs has to be up to date", false)
    .option("--from <stage>", "leave out what doesn't follow from this stage or instance")
    .option("--until <stage>", "leave out what this stage or instance doesn't need");
}

export interface Chosen {
  /** What is asked for and all that it needs, in the graph's order. */
  readonly instances: readonly Instance[];
  readonly forced: ReadonlySet<string>;
  readonly mayRun: ReadonlySet<string>;
}

/** @throws {InputError} for names that aren't in the pipeline */
export function chosenBy(
  plan: Plan,
  patterns: readonly string[],
  options: SelectionOptions = { force: false, only: false },
): Chosen {
  const selected = selectedInstances(plan.instances, { patterns, from: options.from, until: options.until });
  const instances = withNeeded(plan.instances, selected);
  const names = (chosen: readonly Instance[]) => new Set(chosen.map(({ name }) => name));
  const mayRun = options.only ? selected : instances;
  const uncached = mayRun.filter(({ cache }) => !cache);
  return {
    instances,
    forced: names(options.force ? [...selected, ...uncached] : uncached),
    mayRun: names(mayRun),
  };
}
