/** `experiments` shows all results with figures in a table. */

import { type Command, Option } from "commander";
import { InputError } from "../../errors.ts";
import { printable } from "../../excerpt.ts";
import { suggestion } from "../../nearest.ts";
import { csvLine } from "../csv.ts";
import { type Column, metricColumns, parameterColumns, sorted } from "../experiments/columns.ts";
import { commitsOf } from "../program/commits.ts";
import { type Experiment, experimentsIn } from "../experiments/experiment.ts";
import { oneLine } from "../terminal/one_line.ts";
import { bold, count, dim, roughDuration } from "../terminal/text.ts";
import { tableLines, type TextColumn } from "../terminal/table.ts";
import { outputColumns } from "../terminal/width.ts";
import { projectStore } from "./project_store.ts";

interface Options {
  readonly sort?: string;
  readonly csv: boolean;
  readonly json: boolean;
}

const examples = `
It lists every result in the store whose stage wrote metrics.json, of all pipeline files and of older runs too: the
parameters that differ between them (those of the stages before it count as well), the figures, the time that it and all
that it came from took, the commit of its code, the date. Figures with @T are those after temperature scaling, which is
T. CSV and JSON have all digits and whole texts. The commit is empty where the code was that of none.

Examples:
  deno task pipeline experiments
  deno task pipeline experiments --sort nll
  deno task pipeline experiments --sort ece@T --csv > experiments.csv

Exit codes: 0 done, 2 wrong input.`;

export function addExperimentsCommand(program: Command): void {
  program.command("experiments")
    .description("show all results with figures in a table, with the parameters that differ")
    .option(
      "--sort <column>",
      "sort by a figure (the best first), a parameter, time or date (default: the newest first)",
    )
    .addOption(new Option("--csv", "print CSV").default(false).conflicts("json"))
    .option("--json", "print JSON", false)
    .addHelpText("after", examples)
    .action(showExperiments);
}

/** Experiments of one stage, with the columns that they are told apart by. */
interface Table {
  readonly stage: string;
  readonly experiments: readonly Experiment[];
  readonly parameters: readonly Column[];
  readonly metrics: readonly Column[];
}

async function showExperiments({ sort, csv, json }: Options, command: Command): Promise<void> {
  const all = experimentsIn(projectStore(command));
  const commits = await commitsOf(Deno.cwd(), all);
  const commit: Column = { name: "commit", full: "commit", of: (experiment) => commits.get(experiment) };
  const tables = sortedTables(tablesOf(all), sort);
  if (json) return console.log(JSON.stringify(tables.flatMap((table) => toJson(table, commit)), null, 2));
  if (csv) return csvLines(tables, commit).forEach((line) => console.log(line.slice(0, -1)));
  if (all.length === 0) return console.log("no result has figures yet: deno task pipeline");
  for (const [index, table] of tables.entries()) {
    if (index > 0) console.log();
    console.log(bold(`${table.stage}: ${count(table.experiments.length, "result")}`));
    const width = outputColumns();
    const longest = Math.min(longestText, Math.floor(width / 2));
    const [head = "", ...rows] = tableLines(textColumns(table, commit, longest), width);
    for (const line of [dim(head), ...rows]) console.log(line);
  }
}

function tablesOf(all: readonly Experiment[]): readonly Table[] {
  return [...Map.groupBy(all, ({ stage }) => stage)].map(([stage, experiments]) => ({
    ...{ stage, experiments },
    parameters: parameterColumns(experiments),
    metrics: metricColumns(experiments),
  }));
}

const time: Column = { name: "time", full: "seconds", of: ({ seconds }) => seconds };
const date: Column = { name: "date", full: "ended", of: ({ ended }) => ended };

/**
 * Sorts each table that has the column.
 *
 * @throws {InputError} where none has
 */
function sortedTables(tables: readonly Table[], name: string | undefined): readonly Table[] {
  if (name === undefined || tables.length === 0) return tables;
  const columnsOf = ({ parameters, metrics }: Table) => [...parameters, ...metrics, time, date];
  const found = tables.map((table) => columnsOf(table).find((column) => column.name === name));
  if (found.every((column) => column === undefined)) {
    throw new InputError({
      found: `no column "${name}"`,
      expected: "a column to sort by",
      fix: suggestion(name, new Set(tables.flatMap(columnsOf).map(({ name }) => name))),
    });
  }
  return tables.map((table, index) => {
    const column = found[index];
    return column ? { ...table, experiments: sorted(table.experiments, column) } : table;
  });
}

const longestText = 30; // characters of a parameter, which may be a list

function textColumns(
  { experiments, parameters, metrics }: Table,
  commit: Column,
  longest: number,
): readonly TextColumn[] {
  const column = (name: string, isNumeric: boolean, textOf: (experiment: Experiment) => string) => ({
    name,
    isNumeric,
    cells: experiments.map(textOf),
  });
  return [
    column("instance", false, ({ instance }) => instance),
    ...parameters.map(({ name, of }) =>
      column(oneLine(name), false, (one) => printable(String(of(one) ?? "").replaceAll("\n", "\\n"), longest))
    ),
    ...metrics.map(({ name, of }) => column(oneLine(name), true, (one) => figureText(of(one)))),
    column("time", true, ({ seconds }) => roughDuration(seconds)),
    column("commit", false, (one) => String(commit.of(one) ?? "").slice(0, 8)),
    column("date", false, ({ ended }) => ended.slice(0, 16).replace("T", " ")),
  ];
}

function figureText(value: string | number | undefined): string {
  if (typeof value !== "number") return "";
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 4 : 1);
}

function csvLines(tables: readonly Table[], commit: Column): readonly string[] {
  const columns = new Map([
    ...tables.flatMap(({ parameters }) => parameters),
    ...tables.flatMap(({ metrics }) => metrics),
    ...[time, commit, date],
  ].map((column) => [column.full, column]));
  const rows = tables.flatMap(({ experiments }) => experiments).map((experiment) => [
    experiment.stage,
    experiment.instance,
    experiment.key,
    ...columns.values().map(({ of }) => String(of(experiment) ?? "")),
  ]);
  return [["stage", "instance", "key", ...columns.keys()], ...rows].map(csvLine);
}

function toJson({ experiments }: Table, commit: Column) {
  return experiments.map((experiment) => {
    const { instance, stage, key, parameters, metrics, seconds, ended } = experiment;
    return {
      ...{ instance, stage, key },
      parameters: Object.fromEntries(parameters),
      metrics: Object.fromEntries(metrics),
      ...{ seconds, ended, commit: commit.of(experiment) },
    };
  });
}
