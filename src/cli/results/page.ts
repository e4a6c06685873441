/** A pipeline's page below docs/results, and its figures in docs/results.md. */

import { InputError } from "../../errors.ts";
import { type InstanceStatus, statusOf } from "../../pipeline/explain/status.ts";
import type { Plan } from "../../pipeline/plan/plan.ts";
import { type ActionRecord, secondsOf } from "../../pipeline/store/record.ts";
import { readText } from "../../pipeline/store/blobs.ts";
import { lineageOf } from "../../pipeline/store/lineage.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { planOf } from "../commands/options.ts";
import { comparisonSchema, type VariantComparison } from "../../report/comparison.ts";
import { verdictText } from "../../report/intervals.ts";
import { renderBlock } from "../../report/markdown.ts";
import { singleSeedText } from "../../report/result_section.ts";
import { differenceTable, scoreTable } from "../../report/tables.ts";
import { git } from "../program/git.ts";
import { count, duration, short } from "../terminal/text.ts";

/** The report that a page opens with; those of other stages follow it. */
const firstReport = "stages/report.ts";

const reportFile = "report.md";

/** The stage that compares variants. */
const comparingModule = "stages/compare.ts";

/** What the results of a pipeline are written from. */
export interface PipelineResults {
  /** What was run, where and when, and then the pipeline's reports. */
  readonly text: string;
  /** What the first report compares; undefined where it is no report on variants. */
  readonly comparison: VariantComparison | undefined;
  /** All comparisons of variants that are up to date, by the name of the instance that made them. */
  readonly comparisons: ReadonlyMap<string, VariantComparison>;
}

/**
 * Reads the reports of a pipeline and what they were made of.
 *
 * @param set the values that the run had from the command line
 * @throws {InputError} if the pipeline has no report or one that isn't up to date
 */
export async function resultsOf(pipelineFile: string, set: readonly string[]): Promise<PipelineResults> {
  const plan = await planOf({ file: pipelineFile, overlay: [], set, resource: [] });
  const options = [`--file ${pipelineFile}`, ...set.map((assignment) => `--set ${assignment}`)].join(" ");
  const statuses = statusOf(plan, plan.instances);
  const reports = currentReports(plan, statuses, pipelineFile, options);
  const [first, ...others] = reports.toSorted((a, b) => rank(a) - rank(b));
  if (first === undefined) {
    throw new InputError({
      at: { file: pipelineFile },
      found: `no stage that writes ${reportFile}`,
      expected: "one or more",
      fix: "Name the pipeline file of an experiment.",
    });
  }
  const [title, ...rest] = textOf(plan.store, first, reportFile).trim().split("\n");
  const compared = statuses.flatMap((status) => status.state === "current" ? status.record : [])
    .filter(({ module }) => module === comparingModule);
  const comparisons = new Map(
    compared.map((record) => [record.instance, comparisonOf(plan.store, record)]),
  );
  const below = lineageOf(plan.store, [first]).find(({ module }) => module === comparingModule);
  const reported = new Set(lineageOf(plan.store, reports).map(({ key }) => key));
  const unreported = compared.filter(({ key }) => !reported.has(key));
  return {
    text: [
      title,
      circumstances(options, lineageOf(plan.store, [...reports, ...unreported]).toReversed(), [
        first,
        ...others,
      ]),
      rest.join("\n").trim(),
      ...others.map((report) => textOf(plan.store, report, reportFile).trim().replace(/^#/gm, "##")),
      ...unreported.map(({ instance }) => comparisonSection(instance, comparisons.get(instance)!)),
    ].join("\n\n"),
    comparison: below && comparisonOf(plan.store, below),
    comparisons,
  };
}

/** Finds the results that hold a report. @throws {InputError} if one isn't up to date */
function currentReports(
  plan: Plan,
  statuses: readonly InstanceStatus[],
  pipelineFile: string,
  options: string,
): readonly ActionRecord[] {
  const reporting = new Set<string>(
    plan.instances.filter(({ description }) => reportFile in description.outputs).map(({ name }) => name),
  );
  return statuses.filter(({ instance }) => reporting.has(instance))
    .map((status) => status.state === "current" ? status.record : outdated(pipelineFile, options, status));
}

function outdated(pipelineFile: string, options: string, { instance, state }: InstanceStatus): never {
  throw new InputError({
    at: { file: pipelineFile },
    found: `${instance}: ${state}`,
    expected: "a report that is up to date",
    fix: `Run it: deno task pipeline ${options}`,
  });
}

/** Writes the tables of a comparison that no report has. */
function comparisonSection(instance: string, comparison: VariantComparison): string {
  const alone = singleSeedText(comparison);
  return [
    `## ${instance}`,
    renderBlock({ kind: "table", table: scoreTable(comparison) }),
    renderBlock({ kind: "table", table: differenceTable(comparison) }),
    ...(alone === undefined ? [] : [`${alone}.`]),
    verdictText(comparison.reference),
  ].join("\n\n");
}

const rank = ({ module }: ActionRecord) => module === firstReport ? 0 : 1;

function textOf(store: Store, { instance, files }: ActionRecord, name: string): string {
  const file = files[name];
  const text = file && readText(store, file.digest);
  if (text === undefined) throw new Error(`the store has lost the ${name} of ${instance}`);
  return text;
}

function comparisonOf(store: Store, record: ActionRecord): VariantComparison {
  return comparisonSchema.parse(JSON.parse(textOf(store, record, "comparison.json")));
}

/**
 * Writes which results were made when, in which environment and with which parameters.
 *
 * @param options those that the pipeline was run with
 */
function circumstances(
  options: string,
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
    `\`deno task pipeline ${options}\` made ${count(records.length, "result")}${commit()} on ` +
    `${days.join(" and ")}. The stages took ${duration(seconds)} in all. Where the artifacts ` +
    `are, \`deno task pipeline audit ${options}\` shows the details. Keys of the reports: ${keys}. ` +
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
