/** A pipeline's section of docs/results.md. */

import { InputError } from "../../errors.ts";
import { type InstanceStatus, statusOf } from "../../pipeline/explain/status.ts";
import type { Plan } from "../../pipeline/plan/plan.ts";
import { type ActionRecord, secondsOf } from "../../pipeline/store/record.ts";
import { readText } from "../../pipeline/store/blobs.ts";
import { lineageOf } from "../../pipeline/store/lineage.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { planOf } from "../commands/options.ts";
import { git } from "../program/git.ts";
import { count, duration, short } from "../terminal/text.ts";

/** The report that a section opens with; those of other stages follow it. */
const firstReport = "stages/report.ts";

const reportFile = "report.md";

/**
 * Writes a section: what was run, where and when, and then the pipeline's reports, with headings one or two
 * levels lower.
 *
 * @throws {InputError} if the pipeline has no report or one that isn't up to date
 */
export async function sectionOf(pipelineFile: string): Promise<string> {
  const plan = await planOf({ file: pipelineFile, overlay: [], set: [], resource: [] });
  const reports = currentReports(plan, pipelineFile);
  const [first, ...others] = reports.toSorted((a, b) => rank(a) - rank(b));
  if (first === undefined) {
    throw new InputError({
      at: { file: pipelineFile },
      found: `no stage that writes ${reportFile}`,
      expected: "one or more",
      fix: "Name the pipeline file of an experiment.",
    });
  }
  const [title, ...rest] = textOf(plan.store, first).replace(/^#/gm, "##").split("\n");
  return [
    title,
    circumstances(pipelineFile, lineageOf(plan.store, reports).toReversed(), [first, ...others]),
    rest.join("\n").trim(),
    ...others.map((report) => textOf(plan.store, report).replace(/^#/gm, "###")),
  ].join("\n\n");
}

/** Finds the results that hold a report. @throws {InputError} if one isn't up to date */
function currentReports(plan: Plan, pipelineFile: string): readonly ActionRecord[] {
  const reporting = new Set<string>(
    plan.instances.filter(({ description }) => reportFile in description.outputs).map(({ name }) => name),
  );
  const statuses = statusOf(plan, plan.instances);
  return statuses.filter(({ instance }) => reporting.has(instance))
    .map((status) => status.state === "current" ? status.record : outdated(pipelineFile, status));
}

function outdated(pipelineFile: string, { instance, state }: InstanceStatus): never {
  throw new InputError({
    at: { file: pipelineFile },
    found: `${instance}: ${state}`,
    expected: "a report that is up to date",
    fix: `Run it: deno task pipeline --file ${pipelineFile}`,
  });
}

const rank = ({ module }: ActionRecord) => module === firstReport ? 0 : 1;

function textOf(store: Store, { instance, files }: ActionRecord): string {
  const file = files[reportFile];
  const text = file && readText(store, file.digest);
  if (text === undefined) throw new Error(`the store has lost the ${reportFile} of ${instance}`);
  return text.trim();
}

/** Writes which results were made when, in which environment and with which parameters. */
function circumstances(
  pipelineFile: string,
  records: readonly ActionRecord[],
  reports: readonly ActionRecord[],
): string {
  const seconds = records.reduce(
    (sum, record) => sum + secondsOf(record),
    0,
  );
  const days = [...new Set(records.map(({ ended }) => ended.slice(0, 10)))].sort();
  const facts = Object.assign({}, ...records.map(({ preImage }) => preImage.environment));
  const machine = Object.entries(facts).filter(([name]) => !name.startsWith("lib"))
    .map(([name, value]) => `${name} ${value}`).join(", ");
  const keys = reports.map(({ instance, key }) => `${instance} \`${short(key)}\``).join(", ");
  const parameters = new Map(
    records.toReversed().map((record) => [record.module, record.preImage.parameters]),
  );
  return [
    `\`deno task pipeline --file ${pipelineFile}\` made ${count(records.length, "result")}${commit()} on ` +
    `${days.join(" and ")}. The stages took ${
      duration(seconds)
    } together, two running side by side. Where the ` +
    `artifacts are, \`deno task pipeline audit --file ${pipelineFile}\` shows the details. Keys of the reports: ${keys}. ` +
    `Environment: ${machine}.`,
    "Parameters of each stage (of its first instance, if it has several):",
    ...[...parameters].toReversed().map(([module, values]) =>
      `- \`${module}\`: \`${JSON.stringify(values)}\``
    ),
  ].join("\n\n");
}

/**
 * Names the commit of the code that made the results. That is the present code, since results of other code
 * aren't up to date. Returns an empty text if the code isn't exactly that of a commit.
 */
function commit(): string {
  const folder = Deno.cwd();
  const code = ["deno.lock", "pipelines", "src", "stages", ":!src/cli"];
  const isCheckout = git(folder, "rev-parse", "--show-prefix") === "";
  const isClean = git(folder, "status", "--porcelain", "--", ...code) === "";
  return isCheckout && isClean ? ` at commit \`${git(folder, "rev-parse", "--short", "HEAD")}\`` : "";
}
