/** `run [STAGE…]`: brings stages up to date. */

import type { Command } from "commander";
import { run } from "../pipeline/run.ts";
import { namedInstances, withNeeded } from "../pipeline/select.ts";
import { exitCodes } from "./exit.ts";
import { type PipelineOptions, planOf } from "./options.ts";
import { makeReporter } from "./report.ts";

interface Options extends PipelineOptions {
  readonly force: boolean;
}

const examples = `
Examples:
  deno task pipeline                                all that isn't up to date
  deno task pipeline run evaluate                   a stage, and what it needs
  deno task pipeline run finetune@scalar --force    one instance again, although it is cached
  deno task pipeline run 'finetune@*' --set finetune.epochs=2
  deno task pipeline --file pipelines/smoke.yaml`;

export function addRunCommand(program: Command): void {
  program.command("run", { isDefault: true })
    .description("bring stages up to date: all of them, or those named and what they need")
    .argument("[stages...]", "stages, instances or globs")
    .option("--force", "run what is named (by default all) even where its result is cached", false)
    .addHelpText("after", examples)
    .action(runStages);
}

async function runStages(patterns: readonly string[], _options: unknown, command: Command): Promise<void> {
  const options: Options = command.optsWithGlobals();
  const plan = await planOf(options);
  const named = namedInstances(plan.instances, patterns);
  const instances = withNeeded(plan.instances, named);
  const forced = new Set(options.force ? named.map(({ name }) => name) : []);
  const signal = interruption();
  const { report, end } = makeReporter(instances.map(({ name }) => name));
  const done = await run(plan, { instances, forced, signal, report }).catch((error) => {
    if (signal.aborted) return false;
    end("failed");
    throw error;
  });
  end(done ? "done" : signal.aborted ? "interrupted" : "failed");
  Deno.exitCode = done ? exitCodes.done : signal.aborted ? exitCodes.interrupted : exitCodes.failed;
}

/** Fires at the first Ctrl-C or SIGTERM, and leaves the second to end the process at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    const listener = () => {
      Deno.removeSignalListener(name, listener);
      controller.abort();
    };
    Deno.addSignalListener(name, listener);
  }
  return controller.signal;
}
