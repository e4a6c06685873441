/** `run [STAGE…]` brings stages up to date. */

import type { Command } from "commander";
import { privateKeyIn } from "../../pipeline/provenance/keys.ts";
import type { RemoteCache } from "../../pipeline/remote/remote_cache.ts";
import { run } from "../../pipeline/run/run.ts";
import { currentWatch } from "../up_to_date/watch.ts";
import { exitCodes } from "../program/exit_codes.ts";
import { interruption } from "../program/interruption.ts";
import { addExecutorOptions, executorOf, type ExecutorOptions } from "./executor.ts";
import { writeProvenancePage } from "../provenance_page/write.ts";
import { keyFolder } from "./key_folder.ts";
import { type PipelineOptions, planOf } from "./options.ts";
import { refuseMistyped } from "./mistyped.ts";
import { replaceOldStore } from "./project_store.ts";
import { withConfiguredCache } from "./remote_cache.ts";
import { makeRunDisplay, remoteText, type RunDisplay } from "./run_display.ts";
import { collectResult } from "./run_result.ts";
import { addSelectionOptions, chosenBy, type SelectionOptions } from "./selection.ts";
import { timeLeft } from "./time_left.ts";

interface Options extends PipelineOptions, SelectionOptions, ExecutorOptions {
  readonly keepGoing: boolean;
  readonly profile: boolean;
  readonly json: boolean;
}

const examples = `
Examples:
  deno task pipeline                                everything that isn't up to date
  deno task pipeline run evaluate                   a stage and what it needs
  deno task pipeline run finetune@scalar --force    one instance again, although its result is cached
  deno task pipeline run finetune@scalar --profile  the same, with a table of where its time went
  deno task pipeline run report --only              this stage alone: what it needs must be up to date
  deno task pipeline run --from sample-noise --until evaluate@scalar
  deno task pipeline run --keep-going --json        all that no failure holds up, and how it ended as JSON
  deno task pipeline run --executor slurm --detach  what can run now as jobs of a cluster, without waiting
  deno task pipeline run 'finetune@*' --set finetune.steps=600
  deno task pipeline --file pipelines/smoke.yaml`;

export function addRunCommand(program: Command): void {
  const command = program.command("run", { isDefault: true })
    .description("bring stages up to date: all of them, or those named and what they need");
  addExecutorOptions(addSelectionOptions(command))
    .option("--keep-going", "after a failure, go on with stages that don't depend on the failed one", false)
    .option(
      "--profile",
      "run what is named even if its result is cached, and show where its time goes",
      false,
    )
    .option("--json", "print only how the run ended, as JSON", false)
    .addHelpText("after", examples)
    .action(runStages);
}

function runStages(patterns: readonly string[], _options: unknown, command: Command): Promise<void> {
  return withConfiguredCache((cache) => runWith(cache, patterns, command));
}

async function runWith(
  remoteCache: RemoteCache | undefined,
  patterns: readonly string[],
  command: Command,
): Promise<void> {
  const options: Options = command.optsWithGlobals();
  const privateKey = privateKeyIn(keyFolder());
  replaceOldStore();
  const plan = await planOf(options);
  refuseMistyped(command, plan.instances);
  const chosen = chosenBy(plan, patterns, { ...options, force: options.force || options.profile });
  const executor = await executorOf(plan, options);
  const signal = interruption();
  const names = chosen.instances.map(({ name }) => name);
  const display = options.json ? jsonDisplay : makeRunDisplay(names, timeLeft(plan, chosen));
  const { note, isLeft, result } = collectResult(plan.store, chosen.instances);
  const report: RunDisplay["show"] = (event) => {
    if (event.type !== "cached") currentWatch()?.end();
    note(event);
    display.show(event);
  };
  const work = async () => {
    const { keepGoing, profile, detach } = options;
    const how = { keepGoing, profile, executor, detach, signal, privateKey, remoteCache, report };
    const done = await run(plan, { ...chosen, ...how });
    if (done && result("done").reports.length > 0) await writeProvenancePage(plan.store);
    return done;
  };
  const done = await work().catch((error) => {
    if (signal.aborted) return false;
    display.end(result("failed"));
    throw error;
  });
  const outcome = done ? "done" : isLeft() ? "detached" : signal.aborted ? "interrupted" : "failed";
  display.end(result(outcome));
  if (done) currentWatch()?.note();
  Deno.exitCode = exitCodes[outcome === "detached" ? "done" : outcome];
}

const jsonDisplay: RunDisplay = {
  show(event) {
    if (event.type === "remoteCache") console.error(remoteText(event.text));
  },
  end: (result) => console.log(JSON.stringify(result, null, 2)),
};
