/** `deno task results`: what the experiments gave, as a page of the documentation. */

import { Command } from "commander";
import { existsSync } from "node:fs";
import { InputError } from "../errors.ts";
import type { Plan } from "../pipeline/plan.ts";
import type { ActionRecord } from "../pipeline/record.ts";
import { statusOf } from "../pipeline/status.ts";
import { readText } from "../pipeline/store.ts";
import { formatted } from "./formatted.ts";
import { planOf } from "./options.ts";
import { tell } from "./tell.ts";
import { count, duration, green, listed, short } from "./text.ts";

const page = "docs/results.md";
const experiments = ["pipelines/movie-reviews.yaml", "pipelines/mrpc.yaml"];

/** Whose reports go on the page, in this order; the first has to be there. */
const reportModules = ["stages/report.ts", "stages/robustness-report.ts"];

const introduction = `# Results

\`deno task results\` writes this page from the artifacts of the experiments; nothing here was typed. What the figures are is in
[metrics.md](metrics.md), what the variants are in [method.md](method.md).`;

const explanation = `
A pipeline's section of ${page} is replaced, and those of others are kept. All of its stages have to be up to date.

Examples:
  deno task results
  deno task results pipelines/movie-reviews.yaml

Exit codes: 0 done, 2 wrong input (such as a result that isn't up to date).`;

const program = new Command("deno task results")
  .description(`Writes ${page} from what the experiments' pipelines made.`)
  .argument("[files...]", "pipeline files", experiments)
  .addHelpText("after", explanation)
  .exitOverride()
  .action(writeResults);

async function writeResults(files: readonly string[]): Promise<void> {
  let sections = existsSync(page) ? sectionsOf(Deno.readTextFileSync(page)) : new Map<string, string>();
  for (const file of files) {
    const plan = await planOf({ file, overlay: [], set: [], resource: [] });
    sections = new Map([...sections, [file, section(file, plan, await recordsOf(plan, file))]]);
  }
  const marked = [...sections].sort(([a], [b]) => a < b ? -1 : 1).map(([file, text]) =>
    `${begin(file)}\n\n${text}\n\n${end}`
  );
  Deno.writeTextFileSync(page, await formatted(`${[introduction, ...marked].join("\n\n")}\n`, "md"));
  console.log(green(`✓ ${files.join(", ")} in ${page}`));
}

const begin = (file: string) => `<!-- begin ${file}: written by deno task results -->`;
const end = "<!-- end -->";

/** The page's sections as they are, by pipeline file. */
function sectionsOf(text: string): Map<string, string> {
  const parts = text.matchAll(/^<!-- begin (\S+): written by deno task results -->$([^]*?)^<!-- end -->$/gm);
  return new Map(Array.from(parts, ([, file, section]) => [file, section.trim()]));
}

/** The results of all of a pipeline's instances. @throws {InputError} where one isn't up to date */
async function recordsOf(plan: Plan, file: string): Promise<ActionRecord[]> {
  const statuses = await statusOf(plan, plan.instances);
  const stale = statuses.flatMap(({ state, instance }) => state === "current" ? [] : [instance]);
  if (stale.length > 0) {
    throw new InputError({
      at: { file },
      found: `${listed(stale, 3)}, not up to date`,
      expected: "the results of the pipeline as it is now",
      fix: `Run it: deno task pipeline --file ${file}`,
    });
  }
  return statuses.flatMap((status) => status.state === "current" ? [status.record] : []);
}

/** What was run and where, and what the pipeline's reports say, with headings a level lower. */
function section(file: string, plan: Plan, records: readonly ActionRecord[]): string {
  const [report, ...others] = reportModules.flatMap((module) =>
    records.filter((record) => record.module === module)
  );
  if (report?.module !== reportModules[0]) {
    throw new InputError({
      at: { file },
      found: "no report",
      expected: `a stage that runs ${reportModules[0]}`,
    });
  }
  const [title, rest] = lowered(plan, report);
  const more = others.map((record) => lowered(plan, record).join("\n"));
  return [title, circumstances(file, records, report), rest, ...more].join("\n\n");
}

/** The title of a stage's report, and its text. */
function lowered(plan: Plan, { files }: ActionRecord): [title: string, rest: string] {
  const [title, ...rest] = readText(plan.store, files["report.md"].digest)!.trim().replace(/^#/gm, "##")
    .split("\n");
  return [title, rest.join("\n").trim()];
}

function circumstances(file: string, records: readonly ActionRecord[], report: ActionRecord): string {
  const made = new Map(records.map((record) => [record.key, record])); // instances may share a result
  const times = [...made.values()].map(({ started, ended }) => [started, ended].map(Date.parse));
  const seconds = times.reduce((sum, [started, ended]) => sum + (ended - started) / 1000, 0);
  const days = [...new Set([...made.values()].map(({ ended }) => ended.slice(0, 10)))].sort();
  const facts = Object.assign({}, ...[...made.values()].map(({ preImage }) => preImage.environment));
  const machine = Object.entries(facts).filter(([name]) => !name.startsWith("lib"))
    .map(([name, value]) => `${name} ${value}`).join(", ");
  const parameters = new Map(
    [...made.values()].toReversed().map((record) => [record.module, record.preImage.parameters]),
  );
  return [
    `\`deno task pipeline --file ${file}\` made ${count(made.size, "result")} on ${days.join(" and ")}, in ` +
    `${duration(seconds)} of stages' time, two side by side. The report's key is \`${
      short(report.key)
    }\`, and ` +
    `\`deno task pipeline audit report\` tells the rest where the artifacts are. Environment: ${machine}.`,
    "Parameters of each stage, of the first instance where there are several:",
    ...[...parameters].toReversed().map(([module, values]) =>
      `- \`${module}\`: \`${JSON.stringify(values)}\``
    ),
  ].join("\n\n");
}

try {
  await program.parseAsync(Deno.args, { from: "user" });
} catch (error) {
  Deno.exitCode = tell(error);
}
