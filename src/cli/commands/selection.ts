/** The arguments and options by which `run`, `plan` and others choose stages. */

import type { Command } from "commander";
import type { Instance } from "../../pipeline/graph/graph.ts";
import { selectedInstances, withNeeded } from "../../pipeline/graph/select.ts";
import type { Plan } from "../../pipeline/plan/plan.ts";

/** Describes the argument by which a command's user names stages. */
export const stagesHelp = "stages (finetune), instances of one (finetune@scalar) or patterns ('finetune@*')";

/** The same where the argument may be left out. */
export const optionalStagesHelp = `${stagesHelp}; by default all`;

export interface SelectionOptions {
  readonly force: boolean;
  readonly only: boolean;
  readonly from?: string;
  readonly until?: string;
}

export function addSelectionOptions(command: Command): Command {
  return command
    .argument("[stages...]", optionalStagesHelp)
    .option("--force", "run what is named (by default everything) even if its result is cached", false)
    .option("--only", "run only what is named: what it needs must be up to date already", false)
    .option("--from <stage>", "run only this stage or instance and those that depend on it")
    .option("--until <stage>", "run only this stage or instance and those that it needs");
}

export interface Chosen {
  /** The selected instances and all that they need, in the graph's order. */
  readonly instances: readonly Instance[];
  /** Names of the instances that run even if a result is cached. */
  readonly forced: ReadonlySet<string>;
  /** Names of the instances that may run; the others have to be up to date. */
  readonly mayRun: ReadonlySet<string>;
}

/** Chooses instances by what the user named. @throws {InputError} for names that aren't in the pipeline */
export function chosenBy(
  plan: Plan,
  patterns: readonly string[],
  options: SelectionOptions = { force: false, only: false },
): Chosen {
  const selected = selectedInstances(plan.instances, { ...options, patterns });
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
