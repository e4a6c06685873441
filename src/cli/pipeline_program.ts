/** The program behind `deno task pipeline` hands the command line to one of the commands. */

import { addAuditCommand } from "./commands/audit.ts";
import { addDiffCommand } from "./commands/diff.ts";
import { addExperimentsCommand } from "./commands/experiments.ts";
import { addExportCommand } from "./commands/export.ts";
import { addGcCommand } from "./commands/gc.ts";
import { addGraphCommand } from "./commands/graph.ts";
import { addInitCommand } from "./commands/init.ts";
import { addKeyCommand } from "./commands/key.ts";
import { addLockCommand } from "./commands/lock.ts";
import { addLogCommand } from "./commands/log.ts";
import { addPipelineOptions } from "./commands/options.ts";
import { addPlanCommand } from "./commands/plan.ts";
import { addPlotsCommand } from "./commands/plots.ts";
import { settleStore } from "./commands/project_store.ts";
import { addPullCommand } from "./commands/pull.ts";
import { addPushCommand } from "./commands/push.ts";
import { addReproduceCommand } from "./commands/reproduce.ts";
import { addRunCommand } from "./commands/run.ts";
import { addSchemaCommand } from "./commands/schema.ts";
import { addStatusCommand } from "./commands/status.ts";
import { addVerifyCommand } from "./commands/verify.ts";
import { addWhyCommand } from "./commands/why.ts";
import { currentWatch } from "./up_to_date/watch.ts";
import { newProgram, runProgram } from "./program/program.ts";

const examples = `
\`deno task pipeline\` alone stands for \`deno task pipeline run\`: it runs every stage that isn't up to date.

Examples:
  deno task pipeline
  deno task pipeline run finetune --force
  deno task pipeline status
  deno task pipeline plan --set finetune.steps=600
  deno task pipeline why report
  deno task pipeline init data/reviews.csv
  deno task pipeline run --help

Exit codes: 0 done, 1 a stage failed, 2 wrong input, 130 interrupted, 141 nobody reads the output any more.`;

async function main(): Promise<void> {
  const program = newProgram("deno task pipeline")
    .description(
      "Runs the stages of a pipeline whose code, parameters or inputs have changed since their last result.",
    )
    .addHelpText("after", examples);
  addPipelineOptions(program);
  addInitCommand(program);
  addRunCommand(program);
  addStatusCommand(program);
  addPlanCommand(program);
  addWhyCommand(program);
  addGraphCommand(program);
  addPlotsCommand(program);
  addLogCommand(program);
  addDiffCommand(program);
  addExperimentsCommand(program);
  addAuditCommand(program);
  addVerifyCommand(program);
  addLockCommand(program);
  addPullCommand(program);
  addPushCommand(program);
  addReproduceCommand(program);
  addGcCommand(program);
  addExportCommand(program);
  addKeyCommand(program);
  addSchemaCommand(program);
  program.hook("preAction", async (_program, command) => {
    if (!["run", "status"].includes(command.name())) currentWatch()?.end(); // no other has anything to note
    await settleStore();
  });
  await runProgram(program);
}

await main();
