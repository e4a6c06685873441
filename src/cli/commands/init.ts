/** `init FILE…` looks at a person's data and writes a pipeline file for it. */

import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { Command } from "commander";
import { inspect, type Inspection } from "../../data/inspection/inspect.ts";
import { checkInput, sourceFiles } from "../../data/inspection/parts.ts";
import { InputError } from "../../errors.ts";
import { loadTokenizer } from "../../nn/tokenizer.ts";
import { pricesOf } from "../../pipeline/explain/price.ts";
import { hasBfloat16 } from "../../runtime/machine.ts";
import { type Budget, budgetFor } from "../init/budget.ts";
import { findingLines } from "../init/findings.ts";
import { newTexts } from "../init/new_texts.ts";
import { epochsText, pipelineText } from "../init/pipeline_text.ts";
import { artifactPlaces } from "../program/linked_artifacts.ts";
import { writing } from "../program/system_error.ts";
import { withWriteAccess } from "../program/write_access.ts";
import { bold, yellow } from "../terminal/text.ts";
import { printLines } from "../terminal/width.ts";
import { collect, planOf } from "./options.ts";
import { totalLines } from "./price_text.ts";

interface Options {
  readonly out: string;
  readonly dev: readonly string[];
  readonly test: readonly string[];
  readonly textColumn?: string;
  readonly pairColumn?: string;
  readonly labelColumn?: string;
}

const examples = `
It reads CSV, TSV, JSON Lines, JSON, Parquet and lines that begin with their label, gzipped or not. What it guesses it
prints and writes down: the encoding, the columns, what each file is for (by words in its name), how long to train. It
says what a run would take. Nothing is written but the new pipeline file, and one that is there stays.

Examples:
  deno task pipeline init data/reviews.csv
  deno task pipeline init data/train.tsv data/dev.tsv data/test.tsv --out topics.yaml
  deno task pipeline init data/2024.jsonl --test data/2025.jsonl --text-column body --label-column verdict

Exit codes: 0 done, 2 wrong input.`;

export function addInitCommand(program: Command): void {
  program.command("init")
    .description("look at files of labelled texts and write a pipeline file for them")
    .argument("<files...>", "files with rows to train on, or named train, dev and test")
    .option("--out <path>", "the pipeline file to write", "mine.yaml")
    .option("--dev <path>", "a file with rows to tune and to measure on; may be repeated", collect, [])
    .option("--test <path>", "a file that is kept as the test set; may be repeated", collect, [])
    .option("--text-column <column>", "the column of the texts, by name or by number from 0")
    .option("--pair-column <column>", "the column of the second texts of pairs")
    .option("--label-column <column>", "the column of the labels")
    .addHelpText("after", examples)
    .action(init);
}

function init(names: readonly string[], options: Options): Promise<void> {
  const { out } = options;
  // Planning, which foretells the time, runs Deno and remembers what it has read in artifacts/.
  const planning = [
    "--allow-run",
    "--allow-sys=systemMemoryInfo",
    `--config=${join(Deno.cwd(), "deno.json")}`,
  ];
  return withWriteAccess([out, ...artifactPlaces()], () => writePipeline(names, options), planning);
}

async function writePipeline(names: readonly string[], options: Options): Promise<void> {
  const { out, dev, test, textColumn, pairColumn, labelColumn } = options;
  checkAbsent(out);
  const files = await sourceFiles({ unknown: names, dev, test });
  checkInput(files, Deno.cwd());
  const inspection = await inspect(files, { text: textColumn, pair: pairColumn, label: labelColumn });
  for (const line of findingLines(files, inspection)) {
    const paint = line.startsWith("warning") ? yellow : String;
    printLines(paint(line), 0);
  }
  const budget = await budgetOf(inspection);
  const text = pipelineText({ out, files, inspection, budget });
  writing(out, () => Deno.writeTextFileSync(out, text, { createNew: true }));
  console.log(
    `\n${bold(`wrote ${out}`)}: baseline and hidden, ${budget.steps} steps each, which are ${
      epochsText(budget)
    }`,
  );
  await tellNext(out, inspection);
}

/** @throws {InputError} where something is at the path, which a person may have written */
function checkAbsent(out: string): void {
  if (!existsSync(out)) return;
  throw new InputError({
    at: { file: out },
    found: "a file that is there",
    expected: "a new one to write",
    fix: "Name another by --out, or remove it.",
  });
}

/** Chooses how long to train, by the texts, the encoder's tokenizer and this machine. */
async function budgetOf({ source, split }: Inspection): Promise<Budget> {
  const tokenizer = await loadTokenizer("artifacts/setup/minilm-l6");
  const sample = split.splits.train.slice(0, mostTokenized);
  return budgetFor({
    rows: split.splits.train.length,
    classes: source.classes.length,
    lengths: Array.from(sample, ({ text, pair }) => tokenizer.encode(text, pair, longestCounted).ids.length),
    cores: navigator.hardwareConcurrency,
    hasBfloat16: hasBfloat16(),
  });
}

/** So many texts are tokenized, and as many tokens of each at most, to see how long texts are. */
const [mostTokenized, longestCounted] = [2000, 1024];

/** Says what a run of the pipeline would take, by the same prices as `plan`, and how to go on. */
async function tellNext(out: string, inspection: Inspection): Promise<void> {
  const plan = await planOf({ file: out, overlay: [], set: [], resource: [] });
  const prices = pricesOf(plan, plan.instances);
  const [total = "an unknown time", ...details] = await totalLines(plan, prices, plan.instances);
  const report = relative(Deno.cwd(), join(plan.store.pipeline.views, "report", "report.html"));
  console.log(`a run takes ${total}`);
  for (const line of details) console.log(line);
  console.log(`
next:
  deno task pipeline plan --file ${out}   what will run, and how long each stage takes
  deno task pipeline --file ${out}        trains, measures and writes ${report}
  deno task predict --file ${out} --model finetune@hidden --input ${newTexts(inspection)}`);
}
