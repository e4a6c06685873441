/** `reproduce STAGE…` makes results again in a clean place and compares them with the recorded ones. */

import type { Command } from "commander";
import { reproduce, type Reproduction } from "../../pipeline/check/reproduce.ts";
import { namedInstances } from "../../pipeline/graph/select.ts";
import { exitCodes } from "../program/exit_codes.ts";
import { interruption } from "../program/interruption.ts";
import { liveLines } from "../terminal/live_lines.ts";
import { blue, count, dim, green, red, yellow } from "../terminal/text.ts";
import { wrapped } from "../terminal/width.ts";
import { type PipelineOptions, planOf } from "./options.ts";
import { stagesHelp } from "./selection.ts";

interface Options extends PipelineOptions {
  readonly json: boolean;
}

const examples = `
Outputs must be the same byte for byte, unless their stage declares a tolerance for their numbers. Nothing is kept.

Examples:
  deno task pipeline reproduce evaluate@scalar
  deno task pipeline reproduce 'finetune@*' --json

Exit codes: 0 the same, 1 different or failed, 2 wrong input, 130 interrupted.`;

export function addReproduceCommand(program: Command): void {
  program.command("reproduce")
    .description("run stages again in a clean place, and show the first difference from their results")
    .argument("<stages...>", stagesHelp)
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(reproduceStages);
}

async function reproduceStages(
  patterns: readonly string[],
  _options: unknown,
  command: Command,
): Promise<void> {
  const options: Options = command.optsWithGlobals();
  const plan = await planOf(options);
  const { print, draw } = liveLines();
  const forPeople = (show: () => void) => options.json ? undefined : show();
  const reproductions = await reproduce(plan, namedInstances(plan.instances, patterns), {
    signal: interruption(),
    onWait: () =>
      forPeople(() => print(dim("another process is cleaning artifacts/: waiting for it to end"))),
    onStart: (name) => forPeople(() => draw([`${blue("▶")} ${name}`])),
    onProgress: (name, { done, total, text }) =>
      forPeople(() => draw([`${blue("▶")} ${name}  ${done}/${total}  ${text}`])),
    onEnd: (reproduction) =>
      forPeople(() => describe(reproduction).forEach((line) => print(wrapped(line, 4)))),
  });
  draw([]);
  if (options.json) console.log(JSON.stringify(reproductions, null, 2));
  const outcomes = new Set(reproductions.map(({ outcome }) => outcome));
  if (outcomes.has("stopped")) Deno.exitCode = exitCodes.interrupted;
  else if (outcomes.has("different") || outcomes.has("failed")) Deno.exitCode = exitCodes.failed;
}

function describe(reproduction: Reproduction): readonly string[] {
  const { instance } = reproduction;
  switch (reproduction.outcome) {
    case "same": {
      const { files, within } = reproduction;
      const close = within.length > 0 ? `, ${within.join(", ")} within the declared tolerance` : "";
      return [`${green("✓")} ${instance}  reproduced: ${count(files, "file")}${close || ", the same bytes"}`];
    }
    case "different": {
      const { file, first } = reproduction;
      return [
        `${red("✗")} ${instance}  different: ${file}, ${first.place}`,
        `    before  ${first.before}`,
        `    now     ${first.after}`,
      ];
    }
    case "failed":
      return [
        `${red("✗")} ${instance}  failed: ${reproduction.reason}`,
        ...reproduction.lines.map((text) => `    ${text}`),
      ];
    case "stopped":
      return [`${yellow("■")} ${instance}  stopped`];
  }
}
