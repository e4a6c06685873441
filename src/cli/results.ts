/** `deno task results`: what the experiments gave, as a page of the documentation. */

import { Command } from "commander";
import { existsSync } from "node:fs";
import { InputError } from "../errors.ts";
import { lineageOf } from "../pipeline/store/lineage.ts";
import type { ActionRecord } from "../pipeline/store/record.ts";
import { type InstanceStatus, statusOf } from "../pipeline/explain/status.ts";
import { readText } from "../pipeline/store/blobs.ts";
import { formatted } from "./terminal/formatted.ts";
import { planOf } from "./commands/options.ts";
import { tell } from "./terminal/tell.ts";
import { count, duration, green, short } from "./terminal/text.ts";

const page = "docs/results.md";
const experiments = ["pipelines/movie-reviews.yaml", "pipelines/mrpc.yaml", "pipelines/precision.yaml"];

/** The report that an experiment's section opens with; those of other stages follow it. */
const firstReport = "stages/report.ts";

const reportFile = "report.md";

const introduction = `# Results

\`deno task results\` writes this page from the artifacts of the experiments; nothing here was typed. What the figures are is in
[metrics.md](metrics.md), what the variants are in [method.md](method.md). Each section names the commit of the code that
made it: in sections of different commits, the same variant and seed may be different trainings.`;

const explanation = `
A pipeline's section of ${page} is replaced, and those of others are kept. It holds the report of every stage
that writes one, and all of them have to be up to date.

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
  const sections = existsSync(page) ? sectionsOf(Deno.readTextFileSync(page)) : new Map<string, string>();
  for (const file of files) sections.set(file, await section(file));
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

/** What was run and where, and what the pipeline's reports say, with headings one or two levels lower. @throws {InputError} */
async function section(file: string): Promise<string> {
  const plan = await planOf({ file, overlay: [], set: [], resource: [] });
  const reporting = new Set(
    plan.instances.filter(({ definition }) => reportFile in definition.outputs).map(({ name }) => name),
  );
  if (reporting.size === 0) {
    throw new InputError({
      at: { file },
      found: `no stage that writes ${reportFile}`,
      expected: "one or more",
      fix: "Name the pipeline file of an experiment.",
    });
  }
  const statuses = (await statusOf(plan, plan.instances)).filter(({ instance }) => reporting.has(instance));
  const reports = statuses.map((status) =>
    status.state === "current" ? status.record : outdated(file, status)
  );
  const [first, ...others] = reports.toSorted((a, b) => rank(a) - rank(b));
  const text = ({ files }: ActionRecord) => readText(plan.store, files[reportFile].digest)!.trim();
  const [title, ...rest] = text(first).replace(/^#/gm, "##").split("\n");
  return [
    title,
    circumstances(file, lineageOf(plan.store, reports).toReversed(), [first, ...others]),
    rest.join("\n").trim(),
    ...others.map((report) => text(report).replace(/^#/gm, "###")),
  ].join("\n\n");
}

const rank = ({ module }: ActionRecord) => module === firstReport ? 0 : 1;

function outdated(file: string, { instance, state }: InstanceStatus): never {
  throw new InputError({
    at: { file },
    found: `${instance}: ${state}`,
    expected: "what the pipeline as it is now reports",
    fix: `Run it: deno task pipeline --file ${file}`,
  });
}

function circumstances(
  file: string,
  records: readonly ActionRecord[],
  reports: readonly ActionRecord[],
): string {
  const times = records.map(({ started, ended }) => [started, ended].map(Date.parse));
  const seconds = times.reduce((sum, [started, ended]) => sum + (ended - started) / 1000, 0);
  const days = [...new Set(records.map(({ ended }) => ended.slice(0, 10)))].sort();
  const facts = Object.assign({}, ...records.map(({ preImage }) => preImage.environment));
  const machine = Object.entries(facts).filter(([name]) => !name.startsWith("lib"))
    .map(([name, value]) => `${name} ${value}`).join(", ");
  const keys = reports.map(({ instance, key }) => `${instance} \`${short(key)}\``).join(", ");
  const parameters = new Map(
    records.toReversed().map((record) => [record.module, record.preImage.parameters]),
  );
  const [made, spent, when] = [count(records.length, "result"), duration(seconds), days.join(" and ")];
  return [
    `\`deno task pipeline --file ${file}\` made ${made}${commit()} on ${when}, in ${spent} of stages' time, two side by ` +
    "side, and `deno task pipeline audit` tells the rest where the artifacts are. Keys of the reports: " +
    `${keys}. Environment: ${machine}.`,
    "Parameters of each stage, of the first instance where there are several:",
    ...[...parameters].toReversed().map(([module, values]) =>
      `- \`${module}\`: \`${JSON.stringify(values)}\``
    ),
  ].join("\n\n");
}

/** At which commit the code is that was run: what isn't of this code isn't up to date. Nothing is said where it isn't a commit's. */
function commit(): string {
  const git = (...args: readonly string[]) => {
    const { success, stdout } = new Deno.Command("git", { args: [...args], stderr: "null" }).outputSync();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  };
  try {
    const isCheckout = git("rev-parse", "--show-prefix") === "";
    const isClean =
      git("status", "--porcelain", "--", "deno.lock", "pipelines", "src", "stages", ":!src/cli") === "";
    return isCheckout && isClean ? ` at commit \`${git("rev-parse", "--short", "HEAD")}\`` : "";
  } catch {
    return ""; // no git
  }
}

try {
  await program.parseAsync(Deno.args, { from: "user" });
} catch (error) {
  Deno.exitCode = tell(error);
}
